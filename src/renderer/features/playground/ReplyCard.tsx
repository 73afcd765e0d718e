import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Prose } from '../../components/prose/Prose.tsx';
import type { Span } from '../../components/prose/textDiff.ts';
import { formatFigure, plural } from '../../format.ts';
import { usePreferences } from '../../state/preferences.ts';
import type { LaneReply } from './lanes.ts';
import css from './playground.module.css';
import { continueWith, togglePicked } from './playgroundStore.ts';
import { TokenText } from './TokenText.tsx';
import type { ColouredReplies } from './useReplyTokens.ts';

interface Props {
  readonly reply: LaneReply;
  readonly replyKey: string;
  readonly name: string;
  readonly writing: boolean;
  /** Which reply of the pair it would be; null where it is none. */
  readonly side: string | null;
  /** What the other reply of the pair has not got. */
  readonly own: readonly Span[] | undefined;
  readonly coloured: ColouredReplies;
}

/** Longer texts are shown as they are stored: drawing them as Markdown sixteen times a second would lag. */
const MOST_MARKDOWN = 20_000;

const FINISH_WORDS = {
  stop: 'ended by itself',
  length: 'cut at the token limit',
  stopped: 'stopped',
} as const;

export function ReplyCard({ reply: { text, end }, replyKey, name, writing, side, own, coloured }: Props) {
  const as = usePreferences((state) => state.replyText);
  const whole = !writing && text !== '';
  const { tokens, error } = coloured.of.get(replyKey) ?? { tokens: null, error: null };
  const kept = side !== null && whole;
  return (
    <article className={css.reply} aria-label={name} aria-busy={writing}>
      <div className={css.replyText}>
        {tokens !== null && kept ? (
          <TokenText
            key={replyKey}
            name={`${side} of the pair`}
            tokens={tokens}
            colours={coloured.colours}
            scale={coloured.scale}
          />
        ) : text !== '' ? (
          <Prose
            text={text}
            as={writing && text.length > MOST_MARKDOWN ? 'source' : as}
            {...(own === undefined ? {} : { own })}
          />
        ) : (
          <span className="muted">
            {end === null ? '' : 'An empty reply: the model ended its turn at once.'}
          </span>
        )}
      </div>
      {kept && <ErrorCard error={error} />}
      <div className={css.replyFoot}>
        <Button
          size="compact-xs"
          variant={kept ? 'light' : 'subtle'}
          color={kept ? 'accent' : 'gray'}
          aria-pressed={kept}
          disabled={!whole}
          leftSection={kept ? <IconCheck size={12} /> : undefined}
          title="Which two replies Keep as pair takes"
          onClick={() => togglePicked(replyKey)}
        >
          {kept ? `${side} of the pair` : 'For the pair'}
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          disabled={!whole}
          title="Continue the conversation after this reply"
          onClick={() => continueWith(text)}
        >
          Continue from it
        </Button>
        <span className="grow" />
        {end !== null && (
          <span
            className="small muted num"
            title={`Log-probability ${formatFigure(end.logp, 1)} nats under the policy, before temperature and cuts`}
          >
            {plural(end.tokens, 'token')} · {FINISH_WORDS[end.finish]}
            {end.tokens > 0 && ` · ${formatFigure(end.logp / end.tokens, 2)} nats per token`}
          </span>
        )}
      </div>
    </article>
  );
}
