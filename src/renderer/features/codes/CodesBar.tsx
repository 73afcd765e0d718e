import { NativeSelect } from '@mantine/core';
import type { CodesOverview, Run } from '#shared/entities.ts';
import { Chip } from '../../components/Chip.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { formatCount, formatFigure, plural } from '../../format.ts';
import { ReadCodes } from './ReadCodes.tsx';

interface Props {
  readonly runs: readonly Run[];
  readonly run: Run;
  readonly overview: CodesOverview | undefined;
  readonly onRun: (runId: number) => void;
}

export function CodesBar({ runs, run, overview, onRun }: Props) {
  return (
    <ScreenBar title="Codes">
      <NativeSelect
        size="xs"
        w="14rem"
        aria-label="Run"
        value={String(run.id)}
        data={runs.map(({ id, name, codesStep }) => ({
          value: String(id),
          label: `${name}, step ${formatCount(codesStep ?? 0)}`,
        }))}
        onChange={({ currentTarget }) => onRun(Number(currentTarget.value))}
      />
      <ReadCodes run={run} />
      {overview && (
        <>
          <Chip
            tone={overview.warning ? 'warn' : 'good'}
            title={`exp of the entropy of the mean p(z|x) over ${plural(overview.prompts, 'prompt')}: as many codes in even use`}
          >
            Perplexity {formatFigure(overview.perplexity, 1)} of {overview.codes}
          </Chip>
          <Chip title="In use: codes with at least 0.1 % of all mass">
            {overview.codes - overview.dead} of {overview.codes} in use
          </Chip>
          <Chip
            title={`Normalised mutual information of a prompt’s strongest code and its source, ${plural(overview.prompts, 'prompt')}`}
          >
            NMI(code, source) {formatFigure(overview.nmiSource, 2)}
          </Chip>
          {overview.causes?.recovery != null && (
            <Chip
              tone={overview.causes.recovery >= 0.3 ? 'good' : 'warn'}
              title={`Each code was forced on ${plural(overview.causes.pairs, 'held-out pair')}: what the group that a prompt’s code serves tells of the prompt’s ${overview.causes.groupedBy}. 0 where codes tell prompts apart but do nothing for them, 1 where each serves what it is chosen for`}
            >
              Causal recovery {formatFigure(overview.causes.recovery, 2)}
            </Chip>
          )}
          <Chip title="How mixed the codes of one prompt are: exp of the mean entropy of p(z|x)">
            {formatFigure(Math.exp(overview.meanPromptEntropy), 1)} codes per prompt
          </Chip>
          <span className="small muted num">{plural(overview.prompts, 'prompt')}</span>
        </>
      )}
    </ScreenBar>
  );
}
