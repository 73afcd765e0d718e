import { CloseButton, TextInput } from '@mantine/core';
import type { Ref } from 'react';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Keycap } from '../../components/Keycap.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { openDataExport } from '../dataExport/store.ts';
import { openNewPairs } from '../newPairs/newPairsStore.ts';
import { openImport } from './importStore.ts';
import { LibraryViews } from './LibraryViews.tsx';
import css from './library.module.css';
import { setFilter, settleText, typeText, useLibraryView } from './libraryView.ts';

interface Props {
  readonly searchRef: Ref<HTMLInputElement>;
  /** Called when the keys go on to the table. */
  readonly onLeave: () => void;
}

const clearText = () => setFilter({ text: '' });

export function LibraryBar({ searchRef, onLeave }: Props) {
  const text = useLibraryView((view) => view.text);
  return (
    <ScreenBar
      title="Library"
      actions={
        <>
          <KeyButton keyName="M" onClick={openNewPairs}>
            New from a model
          </KeyButton>
          <KeyButton keyName="E" onClick={openDataExport}>
            Export
          </KeyButton>
          <KeyButton variant="filled" keyName="I" onClick={openImport}>
            Import
          </KeyButton>
        </>
      }
    >
      <LibraryViews current="table" />
      <TextInput
        ref={searchRef}
        className={css.search}
        size="xs"
        aria-label="Search prompts and replies"
        aria-keyshortcuts="/"
        placeholder="Search prompts and replies"
        value={text}
        onChange={(event) => typeText(event.currentTarget.value)}
        onBlur={settleText}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'ArrowDown') {
            event.preventDefault();
            onLeave();
          }
          if (event.key !== 'Escape') return;
          clearText();
          event.currentTarget.blur();
        }}
        rightSection={
          text === '' ? (
            <Keycap>/</Keycap>
          ) : (
            <CloseButton size="sm" aria-label="Clear the search" onClick={clearText} />
          )
        }
      />
    </ScreenBar>
  );
}
