import { Button, NativeSelect } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { DuplicateSummary } from '#shared/dataEntities.ts';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard, FailureCard } from '../../components/FailureCard.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { ScreenBar, SubBar } from '../../components/ScreenBar.tsx';
import { formatCount, formatMoment, formatShare, plural } from '../../format.ts';
import { LibraryViews } from '../library/LibraryViews.tsx';
import css from './duplicates.module.css';
import { GroupList } from './GroupList.tsx';
import { cancelSearch, keepOne, searchDuplicates, setDuplicates, takeBack, useDuplicates } from './store.ts';

const KINDS = [
  ['pairs', 'Pairs'],
  ['prompts', 'Prompts'],
  ['replies', 'Replies'],
] as const;
const THRESHOLDS = [0.6, 0.7, 0.8, 0.9, 0.95];

/** Near-duplicate pairs, prompts and replies, in groups of which one is kept. */
export function DuplicatesScreen() {
  const { threshold, share, failure, kept } = useDuplicates();
  const summary = useQuery(api.data.duplicateSummary.queryOptions());
  return (
    <div className={css.screen}>
      <ScreenBar
        title="Library"
        actions={
          <>
            <NativeSelect
              size="xs"
              aria-label="Alike from"
              value={String(threshold)}
              disabled={share !== null}
              onChange={({ currentTarget }) => setDuplicates({ threshold: Number(currentTarget.value) })}
              data={THRESHOLDS.map((one) => ({ value: String(one), label: `Alike from ${one.toFixed(2)}` }))}
            />
            {share === null ? (
              <Button variant="filled" onClick={() => void searchDuplicates()}>
                {summary.data ? 'Search again' : 'Search'}
              </Button>
            ) : (
              <Button onClick={cancelSearch}>Cancel</Button>
            )}
          </>
        }
      >
        <LibraryViews current="duplicates" />
        <span className="small muted num" role="status">
          {share === null ? '' : `Searching… ${formatShare(share, 0)}`}
        </span>
      </ScreenBar>
      {share !== null && <ProgressLine value={share} label="Search for near-duplicates" />}
      {summary.data && <Kinds summary={summary.data} />}
      <div className={css.body}>
        <ErrorCard error={summary.error} />
        {failure !== null && <FailureCard failure={failure} />}
        {kept !== null && (
          <div className={`card ${css.kept}`} role="status">
            <span className="num">
              Excluded {plural(kept.pairs, 'pair')}; what is excluded stays in the project.
            </span>
            <Button size="xs" onClick={() => void takeBack(kept)}>
              Undo
            </Button>
          </div>
        )}
        {summary.data === null ? (
          <EmptyState icon={<IconCopy />} title="Not searched yet">
            Looks for prompts and replies that have most of their wording in common, whatever their case and
            spacing, and for pairs that are the same but for that. Nothing is changed by looking.
          </EmptyState>
        ) : (
          summary.data && <GroupList summary={summary.data} />
        )}
      </div>
    </div>
  );
}

function Kinds({ summary }: { readonly summary: DuplicateSummary }) {
  const kind = useDuplicates((state) => state.kind);
  const { counts, later, madeAt, threshold } = summary;
  return (
    <SubBar label="What is alike">
      {KINDS.map(([one, label]) => (
        <Chip
          key={one}
          tone={kind === one ? 'accent' : 'plain'}
          pressed={kind === one}
          onClick={() => setDuplicates({ kind: one })}
        >
          {label} {formatCount(counts[one].members)} in {plural(counts[one].groups, 'group')}
        </Chip>
      ))}
      <span className="small muted num">
        Alike from {threshold.toFixed(2)} · {formatMoment(madeAt)}
      </span>
      {later > 0 && <Chip tone="warn">{plural(later, 'pair')} came since</Chip>}
      <span className="grow" />
      {counts[kind].groups > 0 && (
        <Button size="xs" onClick={() => void keepOne(null, null)}>
          Keep one of each group
        </Button>
      )}
    </SubBar>
  );
}
