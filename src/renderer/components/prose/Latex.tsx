import 'katex/dist/katex.min.css';
import katex from 'katex';
import { useMemo } from 'react';
import { latexSource } from './latexSpans.ts';
import css from './prose.module.css';

/** Nothing of a formula may reach outside of it: no links, no classes, no endless macros, no giant rules. */
const limits = { trust: false, maxExpand: 300, maxSize: 20, strict: false, throwOnError: true } as const;

/** A formula set as mathematics; one that KaTeX can't read is shown as it is stored. */
export function Latex({ stored }: { readonly stored: string }) {
  const { tex, display } = latexSource(stored);
  const set = useMemo(() => setFormula(tex, display), [tex, display]);
  if (set === null) return <span className={css.unset}>{stored}</span>;
  return (
    <span
      className={display ? css.display : css.formula}
      dir="ltr"
      title={stored}
      ref={(place) => place?.replaceChildren(set)}
    />
  );
}

function setFormula(tex: string, display: boolean): Element | null {
  const place = document.createElement('span');
  try {
    katex.render(tex, place, { ...limits, displayMode: display });
  } catch (error) {
    // What is no LaTeX is text; a page that can't measure or draw at all is another matter.
    if (error instanceof katex.ParseError || error instanceof RangeError) return null;
    throw error;
  }
  return place.firstElementChild;
}
