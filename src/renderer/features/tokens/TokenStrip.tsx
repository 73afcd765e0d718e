import { Fragment, memo, useState } from 'react';
import { formatCount, plural } from '../../format.ts';
import css from './tokens.module.css';
import { isSpecial, type Token, trainedCount, visible } from './tokenWords.ts';
import { useTokenWalk } from './useTokenWalk.ts';

interface Props {
  readonly name: string;
  readonly tokens: readonly Token[];
  /** Tokens that were cut, and where. */
  readonly cut: number;
  readonly cutFrom: 'start' | 'end';
}

/** More come by a button: a strip of many thousands would take seconds to draw. */
const CHUNK = 1_500;

/** One text as its tokens; one tab stop, arrows walk. */
export function TokenStrip({ name, tokens, cut, cutFrom }: Props) {
  const [shown, setShown] = useState(CHUNK);
  const count = Math.min(shown, tokens.length);
  const { id, list, active, props } = useTokenWalk(count);
  return (
    <section className={css.strip} aria-label={name}>
      <header className="row">
        <h3>{name}</h3>
        <span className="small muted num">
          {plural(tokens.length, 'token')}, {counted(tokens)}
          {cut > 0 && ` · ${plural(cut, 'token')} cut from its ${cutFrom}`}
        </span>
      </header>
      <div
        {...props}
        role="listbox"
        tabIndex={0}
        aria-activedescendant={active === null ? undefined : `${id}-${active}`}
        ref={list}
        className={css.tokens}
        aria-label={`Tokens of ${name}`}
      >
        {cut > 0 && cutFrom === 'start' && <span className={css.cut}>… {formatCount(cut)} cut</span>}
        <Tokens id={id} tokens={tokens} count={count} />
        {cut > 0 && cutFrom === 'end' && <span className={css.cut}>{formatCount(cut)} cut …</span>}
      </div>
      {count < tokens.length && (
        <button type="button" className={css.more} onClick={() => setShown(shown + CHUNK)}>
          Show the next {formatCount(Math.min(CHUNK, tokens.length - count))} of{' '}
          {formatCount(tokens.length - count)}
        </button>
      )}
      <p className={`small num ${css.detail}`} aria-live="polite">
        <Detail token={active === null ? undefined : tokens[active]} place={active} of={tokens.length} />
      </p>
    </section>
  );
}

function counted(tokens: readonly Token[]): string {
  const trained = trainedCount(tokens);
  if (trained === 0) return 'none counts in the loss';
  return trained === tokens.length ? 'all count in the loss' : `${formatCount(trained)} count in the loss`;
}

const Tokens = memo(function Tokens({
  id,
  tokens,
  count,
}: {
  id: string;
  tokens: readonly Token[];
  count: number;
}) {
  return [...tokens.slice(0, count).entries()].map(([at, { text, trained }]) => (
    <Fragment key={at}>
      <span
        id={`${id}-${at}`}
        role="option"
        aria-selected={false}
        tabIndex={-1}
        data-at={at}
        data-trained={trained || undefined}
        data-special={isSpecial(text) || undefined}
        className={css.token}
      >
        {visible(text)}
      </span>
      {text.includes('\n') && <br />}
    </Fragment>
  ));
});

function Detail({ token, place, of }: { token: Token | undefined; place: number | null; of: number }) {
  if (token === undefined || place === null)
    return <span className="faint">Point at a token, or walk with the arrow keys, to read its id.</span>;
  return (
    <>
      Token {formatCount(place + 1)} of {formatCount(of)} · id <b>{token.id}</b> ·{' '}
      <code className="mono">{visible(token.text)}</code> ·{' '}
      {token.trained ? 'counts in the loss' : 'does not count in the loss'}
      {isSpecial(token.text) && ' · special'}
    </>
  );
}
