import { describe, expect, it } from 'vitest';
import { latexSource, latexSpans } from './latexSpans.ts';

const formulas = (text: string) => [...latexSpans(text)].map(([start, { end }]) => text.slice(start, end));

describe('formulas', () => {
  it.each([
    ['so \\(a_1\\) and \\(b\\).', ['\\(a_1\\)', '\\(b\\)']],
    ['\\[\nx\n+ y\n\\]', ['\\[\nx\n+ y\n\\]']],
    ['an $x$ and $$E = mc^2$$ here', ['$x$', '$$E = mc^2$$']],
    ['\\begin{align}a &= b \\\\ c\\end{align}', ['\\begin{align}a &= b \\\\ c\\end{align}']],
    ['a row ends \\\\(not a formula)', []],
    ['$f(x) = \\text{the sum}$', ['$f(x) = \\text{the sum}$']],
  ])('are found in %j', (text, found) => {
    expect(formulas(text).sort()).toEqual([...found].sort());
  });

  it.each([
    '$5 and $6',
    'It costs 5$ or 10$.',
    'US$5–$6, then CA$7',
    'echo $HOME:$PATH',
    '$5 for the first and $',
    'about $20 a day ($140 a week)',
    '**$5**, **$6**',
    'an open \\( only',
    '\\[not a link\\](here)',
    '\\[a plain aside\\]',
    '\\[x\n\ny\\]',
  ])('are not seen in %j', (text) => {
    expect(formulas(text)).toEqual([]);
  });

  it('are read without their delimiters', () => {
    expect(latexSource('\\(a\\)')).toEqual({ tex: 'a', display: false });
    expect(latexSource('$$a$$')).toEqual({ tex: 'a', display: true });
    expect(latexSource('$a$')).toEqual({ tex: 'a', display: false });
  });
});
