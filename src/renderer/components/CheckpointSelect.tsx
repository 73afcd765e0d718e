import { NativeSelect } from '@mantine/core';
import { BEST_RULES, type CheckpointKind } from '#core/bestCheckpoint.ts';
import type { Run } from '#shared/entities.ts';
import { formatCount } from '../format.ts';

interface Props {
  readonly run: Run;
  /** undefined is the last. */
  readonly value: CheckpointKind | undefined;
  readonly onChange: (checkpoint: CheckpointKind) => void;
  /** Written above it; without one it is named to screen readers alone. */
  readonly label?: string;
  readonly disabled?: boolean;
}

/** Which checkpoint of a run; nothing where the best is the last, or there is none. */
export function CheckpointSelect({ run, value, onChange, label, disabled = false }: Props) {
  const step = (kind: CheckpointKind): number | undefined =>
    run.checkpoints.find((kept) => kept.kind === kind)?.step;
  const [last, best] = [step('last'), step('best')];
  if (last === undefined || best === undefined || last === best) return null;
  const rule = BEST_RULES[run.config.bestBy];
  return (
    <NativeSelect
      size={label === undefined ? 'xs' : 'sm'}
      {...(label === undefined ? { 'aria-label': `Checkpoint of ${run.name}`, w: '11rem' } : { label })}
      title={`Best: ${rule}`}
      value={value ?? 'last'}
      disabled={disabled}
      data={[
        { value: 'last', label: `Last, step ${formatCount(last)}` },
        {
          value: 'best',
          label: `Best, step ${formatCount(best)}${label === undefined ? '' : `: ${rule}`}`,
        },
      ]}
      onChange={({ currentTarget }) => onChange(currentTarget.value as CheckpointKind)}
    />
  );
}
