import { Button } from '@mantine/core';
import { IconThumbUp } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import type { RatingItem } from '#shared/ratingEntities.ts';
import { Chip } from '../../components/Chip.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Loading } from '../../components/Loading.tsx';
import { Prose } from '../../components/prose/Prose.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { TurnList } from '../../components/TurnList.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { countWords } from '../../components/words.ts';
import { formatCount, plural } from '../../format.ts';
import { useDrawnCommands } from '../../state/commands.ts';
import { usePreferences } from '../../state/preferences.ts';
import { navigate } from '../../state/screen.ts';
import css from '../annotate/annotate.module.css';
import { useCap, useKeyMap } from '../annotate/keys/keyStore.ts';
import { PromptCard } from '../annotate/PromptCard.tsx';
import { useVisibleTimer } from '../annotate/useVisibleTimer.ts';
import { RatingBar } from './RatingBar.tsx';
import { ratingChoices, ratingStepWords } from './ratingWords.ts';
import { useRatings } from './useRatings.ts';

/** Single replies, one at a time: is this one good? */
export function RatingScreen() {
  const { queue, rate, move } = useRatings();
  const { data } = queue;
  const item = data?.item ?? null;
  const readVisibleMs = useVisibleTimer(item?.replyId ?? null);
  const keys = useKeyMap();
  const cap = useCap();
  const busy = rate.isPending || move.isPending;
  const choices = ratingChoices(data?.scale ?? 'five');
  const give = (value: number | null) => {
    if (item !== null && !busy) rate.mutate({ value, durationMs: readVisibleMs() });
  };
  const step = (what: 'undo' | 'redo') => {
    if (data?.[what] && !busy) move.mutate(what);
  };
  useScreenKeys({
    ...Object.fromEntries(keys.skip.map((key) => [key, () => give(null)])),
    ...Object.fromEntries(keys.undo.map((key) => [key, () => step('undo')])),
    ...Object.fromEntries(keys.redo.map((key) => [key, () => step('redo')])),
    ...Object.fromEntries(choices.map(({ key, value }) => [key, () => give(value)])),
  });
  useDrawnCommands([
    ...(item === null
      ? []
      : [
          ...choices.map(({ key, value, name }) => ({
            id: `rate-${value}`,
            label: name,
            keyName: key,
            run: () => give(value),
          })),
          { id: 'rate-skip', label: 'Skip', keyName: cap('skip'), run: () => give(null) },
        ]),
    ...(['undo', 'redo'] as const).flatMap((what) => {
      const next = data?.[what] ?? null;
      const label = next && ratingStepWords(what === 'undo' ? 'Undo' : 'Redo', next);
      return label === null ? [] : [{ id: what, label, keyName: cap(what), run: () => step(what) }];
    }),
    { id: 'pairs', label: 'To the pairs', run: () => navigate('annotate') },
  ]);
  useEffect(() => {
    document.title = 'Single replies · Facet';
  }, []);
  const pressed = rate.isPending ? (rate.variables.value ?? 'skip') : null;
  return (
    <div className={css.screen}>
      <div className={css.top}>
        <ScreenBar
          title="Single replies"
          actions={
            <>
              {(['undo', 'redo'] as const).map((what) => {
                const next = data?.[what] ?? null;
                const words = next && ratingStepWords(what === 'undo' ? 'Undo' : 'Redo', next);
                if (what === 'redo' && next === null) return null;
                return (
                  <KeyButton
                    key={what}
                    variant="subtle"
                    color="gray"
                    keyName={cap(what)}
                    disabled={next === null || busy}
                    {...(words === null ? {} : { title: words, 'aria-label': words })}
                    onClick={() => step(what)}
                  >
                    {what === 'undo' ? 'Undo' : 'Redo'}
                  </KeyButton>
                );
              })}
              <Button onClick={() => navigate('annotate')}>To the pairs</Button>
            </>
          }
        >
          {item !== null && <Chip>{item.source}</Chip>}
          {data !== undefined && (
            <span className="small muted num" role="status">
              {`${formatCount(data.rated)} rated${data.skipped > 0 ? `, ${formatCount(data.skipped)} skipped` : ''}`}
            </span>
          )}
        </ScreenBar>
      </div>
      <div className={css.work}>
        <ErrorCard error={queue.error ?? rate.error ?? move.error} />
        {data === undefined && queue.error === null && <Loading label="Opening the replies…" />}
        {data !== undefined && item === null && (
          <EmptyState
            icon={<IconThumbUp />}
            title={data.rated + data.skipped === 0 ? 'No replies to rate yet' : 'All rated'}
          >
            {data.rated + data.skipped === 0
              ? 'Replies of the project’s pairs come here.'
              : `You have rated ${plural(data.rated, 'reply', 'replies')}. Z takes the last rating back.`}
          </EmptyState>
        )}
        {item !== null && <ReplyToRate key={item.replyId} item={item} />}
      </div>
      <div className={css.foot}>
        <RatingBar
          choices={choices}
          skipKey={cap('skip')}
          lit={pressed ?? item?.value ?? null}
          disabled={item === null || busy}
          onRate={give}
        />
      </div>
    </div>
  );
}

function ReplyToRate({ item: { messages, text, turns } }: { readonly item: RatingItem }) {
  const { replyText: as } = usePreferences();
  const words = useMemo(() => countWords(text), [text]);
  return (
    <>
      <PromptCard messages={messages} tall={false} as={as} />
      <section className={`card ${css.reply} ${css.single}`} aria-label={`Reply, ${plural(words, 'word')}`}>
        <div className={css.replyHead}>
          <h2>Reply</h2>
          <span className="grow" />
          <span className="small faint num">{plural(words, 'word')}</span>
        </div>
        <ScrollRegion label="Reply text" className={css.replyBody}>
          {turns.length > 0 ? <TurnList turns={turns} as={as} /> : <Prose text={text} as={as} />}
        </ScrollRegion>
      </section>
    </>
  );
}
