import type { CSSProperties } from 'react';
import { isSpecial, visible } from '../tokens/tokenWords.ts';
import { useTokenWalk } from '../tokens/useTokenWalk.ts';
import { type ReplyToken, replyFigures, shadeOf, type TokenColours, tokenFigures } from './tokenColours.ts';
import css from './tokenText.module.css';

interface Props {
  /** The reply as it is called on screen. */
  readonly name: string;
  readonly tokens: readonly ReplyToken[];
  readonly colours: TokenColours;
  readonly scale: number;
}

/** A reply as its tokens, coloured by what the policies make of them; one tab stop, arrows read them one by one. */
export function TokenText({ name, tokens, colours, scale }: Props) {
  const { id, list, active, props } = useTokenWalk(tokens.length);
  const read = active === null ? undefined : tokens[active];
  return (
    <>
      <div
        {...props}
        role="listbox"
        tabIndex={0}
        aria-activedescendant={active === null ? undefined : `${id}-${active}`}
        ref={list}
        className={css.tokens}
        aria-label={`Tokens of ${name}`}
      >
        {[...tokens.entries()].map(([at, token]) => {
          const { size, tone } = shadeOf(token, colours, scale);
          return (
            <span
              key={at}
              id={`${id}-${at}`}
              role="option"
              aria-selected={false}
              aria-label={`${visible(token.text)}: ${tokenFigures(token)}`}
              tabIndex={-1}
              data-at={at}
              data-tone={tone}
              data-special={isSpecial(token.text) || undefined}
              className={css.token}
              style={{ '--size': size.toFixed(3) } as CSSProperties}
            >
              {token.text}
            </span>
          );
        })}
      </div>
      <p className={`small num ${css.read}`} aria-live="polite">
        {read === undefined ? (
          <span className="muted">{replyFigures(tokens)}</span>
        ) : (
          <>
            <code className="mono">{visible(read.text)}</code> · {tokenFigures(read)}
          </>
        )}
      </p>
    </>
  );
}
