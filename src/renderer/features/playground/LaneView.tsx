import { useRef } from 'react';
import { Chip } from '../../components/Chip.tsx';
import { CodeSwatch } from '../../components/Code.tsx';
import { Elapsed } from '../../components/Elapsed.tsx';
import { FailureCard } from '../../components/FailureCard.tsx';
import type { Span } from '../../components/prose/textDiff.ts';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { formatCount, formatFigure, formatSeconds, plural } from '../../format.ts';
import { type Lane, replyKey } from './lanes.ts';
import css from './playground.module.css';
import { ReplyCard } from './ReplyCard.tsx';
import { useFollowEnd } from './useFollowEnd.ts';
import type { ColouredReplies } from './useReplyTokens.ts';

interface Props {
  readonly lane: Lane;
  /** The two replies that Keep would take, A and B, by their keys. */
  readonly kept: ReadonlyMap<string, string>;
  readonly diffs: ReadonlyMap<string, readonly Span[]>;
  readonly coloured: ColouredReplies;
  readonly onRetry: () => void;
}

/** One policy's replies: who, how fast, what. */
export function LaneView({ lane, kept, diffs, coloured, onRetry }: Props) {
  const region = useRef<HTMLDivElement>(null);
  const written = lane.replies.reduce((sum, { text }) => sum + text.length, 0);
  useFollowEnd(region, written, lane.state === 'running' && lane.replies.length === 1);
  return (
    <section className={css.lane} aria-label={`${lane.title}, ${lane.of}`}>
      <header className={css.laneHead}>
        <h2>{lane.code === null ? lane.title : <CodeSwatch code={lane.code} label={lane.title} />}</h2>
        {/* The lanes of a sweep are of one run and narrow: what tells them apart comes first. */}
        {lane.code === null &&
          (lane.aligned ? (
            <Chip tone="accent">{lane.of}</Chip>
          ) : (
            <span className="small muted ellipsis">{lane.of}</span>
          ))}
        {lane.note !== null && (
          <span className="small muted ellipsis num" title={lane.note}>
            {lane.note}
          </span>
        )}
      </header>
      <p className={`small muted num ${css.laneState}`} role="status">
        <LaneState lane={lane} />
      </p>
      <ScrollRegion ref={region} label={`Replies, ${lane.title}`} className={css.replies}>
        {lane.failure !== null ? (
          <FailureCard failure={lane.failure} onRetry={onRetry} />
        ) : (
          lane.replies.map((reply, index) => {
            const key = replyKey(lane, index);
            return (
              <ReplyCard
                key={key}
                replyKey={key}
                reply={reply}
                name={lane.replies.length > 1 ? `Reply ${index + 1}` : 'Reply'}
                writing={lane.state === 'running'}
                side={kept.get(key) ?? null}
                own={diffs.get(key)}
                coloured={coloured}
              />
            );
          })
        )}
      </ScrollRegion>
    </section>
  );
}

function LaneState({ lane: { state, phase, startedAt, figures, replies } }: Pick<Props, 'lane'>) {
  if (state === 'waiting') return 'Waiting for the lane before it';
  if (state === 'failed') return 'Failed';
  if (state === 'running')
    return (
      <>
        {phase ?? (replies.some(({ text }) => text !== '') ? 'Writing' : 'Getting ready')} ·{' '}
        {/* Not spoken each tenth of a second. */}
        <span aria-hidden="true">{startedAt !== null && <Elapsed since={startedAt} />}</span>
      </>
    );
  const stopped = state === 'stopped' ? 'Stopped' : null;
  if (figures === null) return stopped;
  return [
    stopped,
    `${rate(figures.tokensPerSecond)} tok/s`,
    `first token ${figures.timeToFirstTokenMs < 1000 ? `${Math.round(figures.timeToFirstTokenMs)} ms` : formatSeconds(figures.timeToFirstTokenMs)}`,
    `prompt ${plural(figures.promptTokens, 'token')}`,
  ]
    .filter((words) => words !== null)
    .join(' · ');
}

const rate = (perSecond: number): string =>
  perSecond < 10 ? formatFigure(perSecond, 1) : formatCount(Math.round(perSecond));
