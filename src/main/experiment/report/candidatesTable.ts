/** Candidates fitted to linear rewards: the log of a search. */
import type { FittedCandidates } from '../types.ts';
import { three } from './figuresText.ts';
import { html, htmlTable, type Markup, text } from './html.ts';

const figures = (head: string, title: string) => ({ head, title, figures: true });

function candidatesTable({
  group,
  pairs,
  splits,
  iterations,
  candidates,
  contentKey,
}: FittedCandidates): Markup {
  return htmlTable(
    `${group}: ${pairs} pairs, a quarter of the prompts set aside, ${splits} splits, ${iterations} iterations each; content key ${contentKey.slice(0, 10)}`,
    [
      { head: 'candidate' },
      figures(
        'accuracy',
        'share of pairs set aside with a margin above 0 under the mean code; range over splits',
      ),
      figures('loss', '−log σ of that margin'),
      figures('recovery', 'I(strongest code; source) / H(source)'),
      figures('codes in use', 'strongest of some prompt'),
      figures('time', 'of a fit, seconds'),
    ],
    candidates.map(({ name, accuracy, accuracyBySplit, loss, recovery, codesInUse, seconds }) => [
      text(name),
      html`${text(three(accuracy))} <span class="interval">${text(`${three(Math.min(...accuracyBySplit))} … ${three(Math.max(...accuracyBySplit))}`)}</span>`,
      text(three(loss)),
      text(three(recovery)),
      text(codesInUse.toFixed(1)),
      text(seconds.toFixed(1)),
    ]),
  );
}

export function candidatesSection(fits: readonly FittedCandidates[]): Markup | null {
  if (fits.length === 0) return null;
  return html`<section id="candidates"><h2>Candidates</h2><p>Each is fitted to the linear rewards of the same pairs with the same iterations, rate and first draw, one thing changed at a time, and scored on prompts set aside. No prompt that another experiment scores is among them.</p>${fits.map(candidatesTable)}</section>`;
}
