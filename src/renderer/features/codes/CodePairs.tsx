import type { CodePage } from '#shared/entities.ts';
import { PaneSection } from '../../components/SidePane.tsx';
import { formatCount, plural } from '../../format.ts';
import { SelectedPairs } from './SelectedPairs.tsx';
import { selectionReason } from './selectionReason.ts';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly code: number;
  readonly runName: string;
  readonly page: CodePage;
}

/** What can be done with the pairs of a code's prompts. */
export function CodePairs({ of, code, runName, page }: Props) {
  const selection = { codes: [code] };
  return (
    <PaneSection label={`Its pairs: ${plural(page.prompts, 'prompt')} fire it most`}>
      <SelectedPairs of={of} selection={selection} reason={selectionReason(selection, runName, of.step)} />
    </PaneSection>
  );
}

/** How much of a code's labels stand behind the words beneath. */
export const labelledWords = ({ labelled }: Pick<CodePage, 'labelled'>): string =>
  `of ${formatCount(labelled)} labelled ${labelled === 1 ? 'pair' : 'pairs'}`;
