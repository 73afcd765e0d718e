import { NativeSelect } from '@mantine/core';
import type { Model, Run } from '#shared/entities.ts';
import { formatCount } from '../../format.ts';
import { setPlayground, usePlayground } from './playgroundStore.ts';
import { besideOf, canTalk, type Policy, targetKey, targetOf } from './policies.ts';

interface Props {
  readonly policy: Policy;
  readonly models: readonly Model[];
  readonly runs: readonly Run[];
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A run by its last checkpoint, and by its best where that is another. */
function checkpointsOf(run: Run): readonly Choice[] {
  const step = (kind: 'last' | 'best') => run.checkpoints.find((kept) => kept.kind === kind)?.step;
  const [last, best] = [step('last'), step('best')];
  const of = (at: number | undefined) => (at === undefined ? '' : ` of step ${formatCount(at)}`);
  return [
    { value: `run:${run.id}`, label: best === last ? run.name : `${run.name}, last${of(last)}` },
    ...(best === undefined || best === last
      ? []
      : [{ value: `run:${run.id}:best`, label: `${run.name}, best${of(best)}` }]),
  ];
}

/** Which policy answers beside what is talked to: its base, another run or checkpoint, another model, or none. */
export function BesideSelect({ policy, models, runs }: Props) {
  const beside = usePlayground((state) => state.beside);
  const own = targetKey(policy);
  const now = besideOf(beside, policy, models, runs);
  const base: Choice[] = policy.run ? [{ value: 'base', label: `Its base, ${policy.model.name}` }] : [];
  const other = ({ value }: Choice) => value !== own;
  const groups = [
    {
      group: 'Runs',
      items: runs
        .filter((run) => canTalk(run) && models.some(({ id, exists }) => id === run.modelId && exists))
        .flatMap(checkpointsOf)
        .filter(other),
    },
    {
      group: 'Base models',
      items: models
        .filter(({ id, exists }) => exists && (policy.run === null || id !== policy.model.id))
        .map(({ id, name }) => ({ value: `model:${id}`, label: name }))
        .filter(other),
    },
  ].filter(({ items }) => items.length > 0);
  if (base.length === 0 && groups.length === 0) return null;
  return (
    <NativeSelect
      size="xs"
      w="11rem"
      aria-label="Beside it"
      title="What answers the same messages beside it"
      value={now === null ? 'none' : beside === 'base' ? 'base' : targetKey(now)}
      data={[{ value: 'none', label: 'Nothing beside' }, ...base, ...groups]}
      onChange={({ currentTarget: { value } }) =>
        setPlayground({ beside: value === 'none' ? null : value === 'base' ? 'base' : targetOf(value) })
      }
    />
  );
}
