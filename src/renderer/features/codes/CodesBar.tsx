import { NativeSelect } from '@mantine/core';
import type { CodesOverview, Run } from '#shared/entities.ts';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { CodesFigures } from './CodesFigures.tsx';
import { ReadCodes } from './ReadCodes.tsx';
import { RunSelect } from './RunSelect.tsx';
import { checkpointChoices } from './whyNoCodes.ts';

interface Props {
  readonly runs: readonly Run[];
  readonly run: Run;
  readonly step: number;
  readonly overview: CodesOverview | undefined;
  readonly onRun: (runId: number) => void;
  readonly onStep: (step: number) => void;
}

export function CodesBar({ runs, run, step, overview, onRun, onStep }: Props) {
  return (
    <ScreenBar title="Codes">
      <RunSelect runs={runs} run={run} onRun={onRun} />
      <NativeSelect
        size="xs"
        w="13rem"
        aria-label="Checkpoint"
        value={String(step)}
        data={checkpointChoices(run).map((choice) => ({ value: String(choice.step), label: choice.label }))}
        onChange={({ currentTarget }) => onStep(Number(currentTarget.value))}
      />
      <ReadCodes run={run} step={null} />
      {overview && <CodesFigures overview={overview} />}
    </ScreenBar>
  );
}
