import { Button } from '@mantine/core';
import type { MapRegion } from '#shared/codeMap.ts';
import { PaneSection } from '../../../components/SidePane.tsx';
import css from '../codes.module.css';
import { SelectedPairs } from '../SelectedPairs.tsx';
import { selectionReason } from '../selectionReason.ts';
import type { CodesOf } from '../useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly region: MapRegion;
  readonly runName: string;
  readonly onClear: () => void;
}

/** Pairs of the prompts that were drawn around. */
export function RegionDetail({ of, region, runName, onClear }: Props) {
  const selection = { region };
  return (
    <>
      <h2 className={`row ${css.title}`}>
        Selected prompts
        <span className="grow" />
        <Button size="compact-xs" onClick={onClear}>
          Clear
        </Button>
      </h2>
      <PaneSection label="Their pairs">
        <SelectedPairs of={of} selection={selection} reason={selectionReason(selection, runName, of.step)} />
      </PaneSection>
    </>
  );
}
