import { memo, useMemo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { Boundary } from '../Boundary.tsx';
import { blockDirections } from './blockDirections.ts';
import { Latex } from './Latex.tsx';
import { languageOf } from './languageOf.ts';
import { latexSpans } from './latexSpans.ts';
import { markOwn } from './markOwn.ts';
import css from './prose.module.css';
import { readsAsMarkdown } from './readsAsMarkdown.ts';
import { StoredText } from './StoredText.tsx';
import { storedMarkdown } from './storedMarkdown.ts';
import type { Span } from './textDiff.ts';
import { markTurns } from './turns.ts';

/** Links and images of imported text are shown as text with their address: nothing is fetched, nothing opens. */
const components: Components = {
  a: ({ children, href }) => (
    <span className={css.link}>
      {children}
      {href !== undefined && href !== '' && href !== children && (
        <span className={css.address}> ({href})</span>
      )}
    </span>
  ),
  img: ({ alt, src }) => (
    <span className={css.link}>
      [image{alt ? `: ${alt}` : ''}
      {typeof src === 'string' && src !== '' && <span className={css.address}> ({src})</span>}]
    </span>
  ),
  input: ({ checked }) => <span>{checked === true ? '☑ ' : '☐ '}</span>,
  code: ({ className, children, node: _, ...rest }) =>
    className === 'latex' ? (
      <Latex stored={String(children)} />
    ) : (
      <code className={className} {...rest}>
        {children}
      </code>
    ),
  table: ({ children, node: _, ...rest }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keys too.
    <section className={css.tableScroll} aria-label="Table" tabIndex={0}>
      <table {...rest}>{children}</table>
    </section>
  ),
};

/** Keeps an address as it was written; it is never followed. */
const keepAddress = (address: string) => address;
const noSpans: readonly Span[] = [];

interface Props {
  readonly text: string;
  /** `source` shows the text exactly as it is stored. */
  readonly as?: 'markdown' | 'source';
  /** What another text has not got; marked. */
  readonly own?: readonly Span[];
}

/** Someone else's text: Markdown with formulas and without raw HTML, or the stored characters. */
export const Prose = memo(function Prose({ text, as = 'markdown', own = noSpans }: Props) {
  const drawable = useMemo(() => as === 'markdown' && readsAsMarkdown(text), [as, text]);
  const stored = <StoredText text={text} own={own} mono={as === 'source'} />;
  return (
    <div className={css.text} lang={languageOf(text)}>
      {drawable ? (
        <Boundary of={text} fallback={() => stored}>
          <DrawnMarkdown text={text} own={own} />
        </Boundary>
      ) : (
        stored
      )}
    </div>
  );
});

function DrawnMarkdown({ text, own }: { readonly text: string; readonly own: readonly Span[] }) {
  const drawn = useMemo(() => {
    const spans = latexSpans(text);
    return (
      <Markdown
        remarkPlugins={[
          [remarkGfm, { singleTilde: false }],
          [storedMarkdown, { spans }],
        ]}
        rehypePlugins={[blockDirections, [markOwn, { source: text, own }], markTurns]}
        components={components}
        urlTransform={keepAddress}
      >
        {text}
      </Markdown>
    );
  }, [text, own]);
  return <div className={css.prose}>{drawn}</div>;
}
