import { Button } from '@mantine/core';
import { Chip } from '../../components/Chip.tsx';
import { CodeSwatch } from '../../components/Code.tsx';
import { PaneSection } from '../../components/SidePane.tsx';
import css from './codes.module.css';
import { SelectedPairs } from './SelectedPairs.tsx';
import { selectionReason } from './selectionReason.ts';
import type { CodesOf } from './useHeatMap.ts';
import type { CellPlace } from './useSelection.ts';

interface Props {
  readonly of: CodesOf;
  readonly cell: CellPlace;
  readonly runName: string;
  readonly onCode: (code: number) => void;
}

/** Pairs of a group whose prompts fire a code most. */
export function CellDetail({ of, cell, runName, onCode }: Props) {
  const { code, by, group } = cell;
  const selection = { codes: [code], group: { by, name: group } };
  return (
    <>
      <h2 className={`row ${css.title}`}>
        <CodeSwatch code={code} label={`Code ${code}`} /> <Chip>{group}</Chip>
        <span className="grow" />
        <Button size="compact-xs" onClick={() => onCode(code)}>
          The whole code
        </Button>
      </h2>
      <PaneSection label="Pairs of the group whose prompts fire it most">
        <SelectedPairs of={of} selection={selection} reason={selectionReason(selection, runName, of.step)} />
        {by === 'annotator' && (
          <p className="small muted">
            In a blind project only those that you have decided as well: who decides must not sway you.
          </p>
        )}
      </PaneSection>
    </>
  );
}
