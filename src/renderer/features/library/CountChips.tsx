import type { ImportCounts } from '#shared/importEntities.ts';
import { Chip } from '../../components/Chip.tsx';
import { formatCount, plural } from '../../format.ts';
import css from './library.module.css';

const formats: Readonly<Record<string, string>> = {
  pairs: 'prompt · chosen · rejected',
  'two-replies': 'replies A and B',
  'replies-to-rank': 'replies to rank',
  trees: 'trees of replies',
  singles: 'single replies with a label',
  facet: 'written by Facet',
  argilla: 'Argilla',
  'label-studio': 'Label Studio',
  'label-studio-min': 'Label Studio',
  'label-studio-ranker': 'Label Studio, ranked',
  'openai-preference': 'OpenAI preference',
  'prodigy-choice': 'Prodigy',
  'prodigy-compare': 'Prodigy',
  potato: 'Potato',
  'hh-dialogue': 'HH-RLHF dialogues',
  sharegpt: 'ShareGPT conversations',
};

interface Props {
  readonly name: string;
  readonly read: { readonly format: string; readonly counts: ImportCounts };
  readonly isDone?: boolean;
}

/** What became, or would become, of a file's rows. */
export function CountChips({ name, read, isDone = false }: Props) {
  const { rows, added, unlabelled, ties, bothBad, joined, singles, alreadyThere, conflicts, refused } =
    read.counts;
  return (
    <div className={css.facts} role={isDone ? 'status' : undefined}>
      <b>{name}</b>
      <Chip tone="accent">{formats[read.format] ?? read.format}</Chip>
      <Chip>{plural(rows, 'row')}</Chip>
      {(added > 0 || singles === 0) && (
        <Chip tone="good">
          {plural(added, 'pair')} {isDone ? 'imported' : 'to add'}
        </Chip>
      )}
      {singles > 0 && <Chip tone="good">{plural(singles, 'single')}</Chip>}
      {unlabelled > 0 && <Chip>{formatCount(unlabelled)} unlabelled</Chip>}
      {ties > 0 && <Chip>{plural(ties, 'tie')}</Chip>}
      {bothBad > 0 && <Chip>{formatCount(bothBad)} both bad</Chip>}
      {joined > 0 && <Chip>{plural(joined, 'further verdict')}</Chip>}
      {alreadyThere > 0 && <Chip>{formatCount(alreadyThere)} already here</Chip>}
      {conflicts > 0 && <Chip tone="warn">{plural(conflicts, 'conflict')}</Chip>}
      {refused > 0 && <Chip tone="warn">{plural(refused, 'row')} left out</Chip>}
    </div>
  );
}
