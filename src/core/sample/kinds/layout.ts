/** The same clauses as a list or as running text. */
import { capital, type Draw, pick, pickSome } from '../kind.ts';

/** One clause a line, each behind a dash. */
export const asBullets = (clauses: readonly string[]): string =>
  clauses.map((clause) => `- ${capital(clause)}.`).join('\n');

const nexts = ['Then', 'After that,', 'Next,', 'And then'];

/** One paragraph with words that lead from clause to clause. */
export function asProse(draw: Draw, openings: readonly string[], clauses: readonly string[]): string {
  const links = pickSome(draw, nexts, clauses.length - 2);
  return clauses
    .map((clause, index) => {
      if (index === 0) return `${pick(draw, openings)} ${clause}.`;
      if (index === clauses.length - 1) return `${pick(draw, ['In the end,', 'At last,'])} ${clause}.`;
      return `${links[(index - 1) % links.length]} ${clause}.`;
    })
    .join(' ');
}
