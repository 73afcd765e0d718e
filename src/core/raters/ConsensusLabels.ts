/** The likeliest label of each item, by Dawid and Skene over everything that its raters said. Pure. */
import type { Verdict } from '../preference.ts';
import { dawidSkene, mostLikely } from './dawidSkene.ts';
import { type Label, NO_LABEL } from './ratings.ts';

const CATEGORIES = ['a', 'b', 'tie', 'both_bad'] as const;
type StatedVerdict = (typeof CATEGORIES)[number];

/** What one rater says of an item; a skip is no opinion. */
export interface Opinion {
  readonly rater: string;
  readonly verdict: Verdict;
}
export interface ConsensusLabel {
  readonly verdict: StatedVerdict;
  /** P(verdict | all labels), 0–1. */
  readonly probability: number;
}

const keyOf = (said: readonly (readonly [rater: number, category: number])[]): string | null =>
  said.length === 0 ? null : said.join(' ');

/** Items are added, then the labels found; an item is named by the combination of its opinions, which it may share. */
export class ConsensusLabels {
  readonly #raters = new Map<string, number>();
  readonly #patterns = new Map<
    string,
    { readonly said: readonly (readonly [number, number])[]; items: number }
  >();

  /** Its combination; null without an opinion. */
  add(opinions: readonly Opinion[]): string | null {
    const said = this.#read(opinions);
    const key = keyOf(said);
    if (key === null) return null;
    const known = this.#patterns.get(key);
    if (known) known.items += 1;
    else this.#patterns.set(key, { said, items: 1 });
    return key;
  }

  keyOf(opinions: readonly Opinion[]): string | null {
    return keyOf(this.#read(opinions));
  }

  #read(opinions: readonly Opinion[]): (readonly [rater: number, category: number])[] {
    return opinions
      .flatMap(({ rater, verdict }) => {
        const category = (CATEGORIES as readonly Verdict[]).indexOf(verdict);
        if (category === -1) return [];
        const place = this.#raters.get(rater) ?? this.#raters.size;
        this.#raters.set(rater, place);
        return [[place, category] as const];
      })
      .sort(([one], [other]) => one - other);
  }

  /** By combination. */
  find(): ReadonlyMap<string, ConsensusLabel> {
    const raters = this.#raters.size;
    const patterns = [...this.#patterns.values()].map(({ said, items }) => {
      const labels = new Array<Label>(raters).fill(NO_LABEL);
      for (const [rater, category] of said) labels[rater] = category;
      return { labels, items };
    });
    const { truth } = dawidSkene(patterns, { raters, categories: CATEGORIES.length });
    return new Map(
      [...this.#patterns.keys()].map((key, place) => {
        const likely = truth[place] as Float64Array;
        const best = mostLikely(likely);
        return [key, { verdict: CATEGORIES[best] as StatedVerdict, probability: likely[best] as number }];
      }),
    );
  }
}
