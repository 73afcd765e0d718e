/** What a person who gets the file wants to know of it, as Markdown. Pure. */
import type { StandingRow } from '../data/exportRows.ts';
import { opinions } from './labels.ts';

interface Counted {
  readonly a: string;
  readonly b: string;
  readonly source: { readonly name: string };
  readonly standing: readonly StandingRow[];
}
const percent = (part: number, of: number): string =>
  of === 0 ? 'none' : `${((100 * part) / of).toFixed(1)} %`;
const countOf = (names: Iterable<string>): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

/** Figures gathered one pair at a time. */
export class CardFigures {
  pairs = 0;
  #labelled = 0;
  #prefer = 0;
  #longer = 0;
  #differ = 0;
  #left = 0;
  #sided = 0;
  #agreed = 0;
  #compared = 0;
  readonly #verdicts: string[] = [];
  readonly #sources: string[] = [];

  add({ a, b, source, standing }: Counted): void {
    this.pairs += 1;
    this.#sources.push(source.name);
    const stated = opinions(standing);
    if (stated.length > 0) this.#labelled += 1;
    for (const [index, { decision, left }] of stated.entries()) {
      this.#verdicts.push(decision);
      for (const other of stated.slice(index + 1)) {
        this.#compared += 1;
        if (other.decision === decision) this.#agreed += 1;
      }
      if (decision !== 'a' && decision !== 'b') continue;
      this.#prefer += 1;
      const [chosen, rejected] = decision === 'a' ? [a, b] : [b, a];
      if (chosen.length !== rejected.length) this.#differ += 1;
      if (chosen.length > rejected.length) this.#longer += 1;
      if (left === null) continue;
      this.#sided += 1;
      if (left === decision) this.#left += 1;
    }
  }

  lines(title: string, facts: readonly string[]): string[] {
    const table = (counts: Map<string, number>): string[] =>
      [...counts]
        .sort(([x], [y]) => (x < y ? -1 : 1))
        .map(([name, count]) => `| ${name.replaceAll('|', '\\|')} | ${count} |`);
    return [
      `# ${title}`,
      '',
      ...facts.map((fact) => `- ${fact}`),
      `- Pairs in the project's selection: ${this.pairs}; with a label: ${this.#labelled}.`,
      `- Agreement: of ${this.#compared} comparisons of two people on one pair, ${percent(this.#agreed, this.#compared)} are the same.`,
      `- Length: the longer reply (in characters) is preferred in ${percent(this.#longer, this.#differ)} of ${this.#differ} preferences between replies of unequal length.`,
      `- Side: the left reply is preferred in ${percent(this.#left, this.#sided)} of ${this.#sided} preferences whose sides are known.`,
      '',
      '| verdict | count |',
      '| --- | --- |',
      ...table(countOf(this.#verdicts)),
      '',
      '| source | pairs |',
      '| --- | --- |',
      ...table(countOf(this.#sources)),
      '',
    ];
  }
}
