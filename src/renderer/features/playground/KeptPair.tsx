import { useMutation } from '@tanstack/react-query';
import { failureOf } from '../../api/failureOf.ts';
import { formatCount } from '../../format.ts';
import { formatPlace } from '../../state/screen.ts';
import { type DoneWithPair, labelPair, queuePair, takeBackPair } from './pairActions.ts';
import css from './playground.module.css';
import { type PlaygroundState, setPlayground } from './playgroundStore.ts';
import type { PairVerdict, StoredPair } from './storedPair.ts';

const VERDICTS: readonly { readonly verdict: PairVerdict; readonly label: string; readonly done: string }[] =
  [
    { verdict: 'a', label: 'A is better', done: 'A is better' },
    { verdict: 'b', label: 'B is better', done: 'B is better' },
    { verdict: 'tie', label: 'Tie', done: 'a tie' },
    { verdict: 'both_bad', label: 'Both bad', done: 'both bad' },
  ];

const doneWords = (did: DoneWithPair): string =>
  did.kind === 'queued'
    ? 'First in the labelling queue.'
    : `Labelled: ${VERDICTS.find(({ verdict }) => verdict === did.verdict)?.done}.`;

/** What came of keeping two replies, and what can be done with the pair at once. */
export function KeptPair({ kept }: { readonly kept: NonNullable<PlaygroundState['kept']> }) {
  if ('failure' in kept)
    return (
      <span className={css.notKept}>
        Not kept: {kept.failure.message} {kept.failure.fix}
      </span>
    );
  if (kept.pairId === null)
    return <span>These two replies to this prompt are a pair of the project already.</span>;
  return <Kept pair={{ pairId: kept.pairId, firstKey: kept.firstKey }} did={kept.did} />;
}

function Kept({ pair, did }: { readonly pair: StoredPair; readonly did: DoneWithPair | null }) {
  const { pairId } = pair;
  const act = useMutation({
    mutationFn: async (next: PairVerdict | 'queue' | 'back') => {
      if (next === 'back') {
        if (did !== null) await takeBackPair(did);
        return null;
      }
      return next === 'queue' ? queuePair(pairId) : labelPair(pair, next);
    },
    onSuccess: (done) => setPlayground({ kept: { ...pair, did: done } }),
  });
  const failure = act.error && failureOf(act.error);
  const button = (label: string, next: PairVerdict | 'queue' | 'back') => (
    <button
      key={label}
      type="button"
      className={css.linkButton}
      disabled={act.isPending}
      onClick={() => act.mutate(next)}
    >
      {label}
    </button>
  );
  return (
    <>
      <span className={failure ? css.notKept : undefined}>
        {failure
          ? `${failure.message} ${failure.fix ?? ''}`
          : did === null
            ? `Kept as pair ${formatCount(pairId)} of the source Playground, unlabelled.`
            : `Pair ${formatCount(pairId)}. ${doneWords(did)}`}
      </span>
      <span className={css.keptActions}>
        {did === null ? (
          <>
            {VERDICTS.map(({ label, verdict }) => button(label, verdict))}
            {button('Queue it first', 'queue')}
            <a className={css.link} href={formatPlace('annotate', { pair: String(pairId) })}>
              Label it
            </a>
          </>
        ) : (
          button('Take it back', 'back')
        )}
      </span>
    </>
  );
}
