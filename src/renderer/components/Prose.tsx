import { memo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import css from './prose.module.css';

/** Links and images of imported text are shown as text with their address: nothing is fetched, nothing opens. */
const components: Components = {
  a: ({ children, href }) => (
    <span className={css.link}>
      {children}
      {href !== undefined && href !== '' && <span className={css.address}> ({href})</span>}
    </span>
  ),
  img: ({ alt, src }) => (
    <span className={css.link}>
      [image{alt ? `: ${alt}` : ''}
      {typeof src === 'string' && src !== '' && <span className={css.address}> ({src})</span>}]
    </span>
  ),
  input: ({ checked }) => <span>{checked === true ? '☑ ' : '☐ '}</span>,
};

/** Keeps an address as it was written; it is never followed. */
const keepAddress = (address: string) => address;
const plugins = [remarkGfm];

interface Props {
  readonly text: string;
  /** `source` shows the text exactly as it is stored. */
  readonly as?: 'markdown' | 'source';
}

/** Someone else's text: Markdown without raw HTML, or the stored characters. */
export const Prose = memo(function Prose({ text, as = 'markdown' }: Props) {
  if (as === 'source')
    return (
      <pre className={css.source} dir="auto">
        {text}
      </pre>
    );
  return (
    <div className={css.prose} dir="auto">
      <Markdown remarkPlugins={plugins} components={components} urlTransform={keepAddress}>
        {text}
      </Markdown>
    </div>
  );
});
