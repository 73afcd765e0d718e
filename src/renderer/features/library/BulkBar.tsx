import { Button } from '@mantine/core';
import type { PairFilter } from '#shared/entities.ts';
import type { MarkAction } from '#shared/library.ts';
import { KeyButton } from '../../components/KeyButton.tsx';
import { formatCount } from '../../format.ts';
import { changePairs, closeNotice, undoChange, useNotice } from './changes.ts';
import { countChosen, NOTHING } from './choice.ts';
import css from './library.module.css';
import { choose, useLibraryView } from './libraryView.ts';

interface Props {
  readonly filter: PairFilter;
  readonly total: number;
  readonly onTag: () => void;
  readonly onGold: () => void;
}

/** What can be done to pairs, by where they are shown. */
export const actionsFor = ({ where }: PairFilter): readonly (readonly [string, string, MarkAction])[] => {
  if (where?.shown === 'deleted') return [['Restore', 'Del', 'restore']];
  const last = ['Delete', 'Del', 'delete'] as const;
  if (where?.shown === 'excluded') return [['Include again', 'X', 'include'], last];
  const queue =
    where?.shown === 'first'
      ? (['Not first', 'Q', 'unqueue'] as const)
      : (['To the queue', 'Q', 'queue'] as const);
  return [queue, ['Exclude', 'X', 'exclude'], last];
};

/** What is chosen and what can be done to it; after that, what was done, with its undo. Below the table, whose last rows stay in reach. */
export function BulkBar({ filter, total, onTag, onGold }: Props) {
  const count = useLibraryView((view) => countChosen(view.choice, total));
  const { text, canUndo } = useNotice();
  if (count === 0 && text === null) return null;
  return (
    <div className={css.bulk} role="toolbar" aria-label="Chosen pairs">
      {text !== null && <span role="status">{text}</span>}
      {canUndo && (
        <KeyButton size="xs" keyName="Z" onClick={() => void undoChange()}>
          Undo
        </KeyButton>
      )}
      {text !== null && count === 0 && (
        <Button size="xs" variant="subtle" color="gray" onClick={closeNotice}>
          Close
        </Button>
      )}
      {count > 0 && (
        <>
          <b className="num">{formatCount(count)} chosen</b>
          <KeyButton size="xs" keyName="G" onClick={onTag}>
            Tag
          </KeyButton>
          <Button size="xs" onClick={onGold}>
            Gold
          </Button>
          {actionsFor(filter).map(([label, key, action]) => (
            <KeyButton key={action} size="xs" keyName={key} onClick={() => void changePairs(filter, action)}>
              {label}
            </KeyButton>
          ))}
          <KeyButton size="xs" variant="subtle" color="gray" keyName="Esc" onClick={() => choose(NOTHING)}>
            Clear
          </KeyButton>
        </>
      )}
    </div>
  );
}
