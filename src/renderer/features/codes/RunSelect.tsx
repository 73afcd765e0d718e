import { NativeSelect } from '@mantine/core';
import type { Run } from '#shared/entities.ts';

interface Props {
  readonly runs: readonly Run[];
  readonly run: Run;
  readonly onRun: (runId: number) => void;
}

/** Whose codes the screen shows. */
export const RunSelect = ({ runs, run, onRun }: Props) => (
  <NativeSelect
    size="xs"
    w="14rem"
    aria-label="Run"
    value={String(run.id)}
    data={runs.map(({ id, name }) => ({ value: String(id), label: name }))}
    onChange={({ currentTarget }) => onRun(Number(currentTarget.value))}
  />
);
