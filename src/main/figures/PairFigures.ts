/** What pairs and their labels are like, in numbers, gathered one pair at a time. Pure. */
import { NominalAgreement } from '#core/raters/NominalAgreement.ts';
import type { Counted, Share } from '#shared/dataEntities.ts';
import type { StandingRow } from '../data/exportRows.ts';
import { opinions } from '../export/labels.ts';
import { Counter } from './Counter.ts';
import { shareOf } from './Share.ts';

interface Pair {
  /** In characters. */
  readonly aLength: number;
  readonly bLength: number;
  readonly aspect: string | null;
  readonly source: string;
}

/** How much longer the longer reply is, at most, in each class. */
const LENGTH_CLASSES = [1.1, 1.5, 2, 4, Number.POSITIVE_INFINITY];

export class PairFigures {
  pairs = 0;
  /** Pairs that somebody, or a file, has an opinion on. */
  labelled = 0;
  readonly agreement = new NominalAgreement();
  readonly #verdicts = new Counter();
  readonly #sources = new Counter();
  readonly #aspects = new Counter();
  readonly #longer = LENGTH_CLASSES.map(() => ({ count: 0, of: 0 }));
  readonly #left = { count: 0, of: 0 };

  add({ aLength, bLength, aspect, source }: Pair, standing: readonly StandingRow[]): void {
    this.pairs += 1;
    this.#sources.add(source);
    if (aspect !== null) this.#aspects.add(aspect);
    const stated = opinions(standing);
    if (stated.length > 0) this.labelled += 1;
    this.agreement.add(stated.map(({ decision }) => decision));
    for (const { decision, left } of stated) {
      this.#verdicts.add(decision);
      if (decision !== 'a' && decision !== 'b') continue;
      if (decision === 'a') this.#addLengths(aLength, bLength);
      else this.#addLengths(bLength, aLength);
      if (left === null) continue;
      this.#left.of += 1;
      if (left === decision) this.#left.count += 1;
    }
  }

  #addLengths(chosen: number, rejected: number): void {
    if (chosen === rejected) return;
    const ratio = Math.max(chosen, rejected) / Math.max(1, Math.min(chosen, rejected));
    const at = this.#longer[LENGTH_CLASSES.findIndex((most) => ratio <= most)];
    if (!at) return;
    at.of += 1;
    if (chosen > rejected) at.count += 1;
  }

  verdicts(): Counted[] {
    return this.#verdicts.list();
  }
  sources(): Counted[] {
    return this.#sources.list();
  }
  aspects(): Counted[] {
    return this.#aspects.list();
  }
  /** Of preferences between replies of unequal length (in characters), those for the longer one. */
  longer(): Share {
    const sum = (read: (at: { count: number; of: number }) => number) =>
      this.#longer.reduce((total, at) => total + read(at), 0);
    return shareOf(
      sum(({ count }) => count),
      sum(({ of }) => of),
    );
  }
  /** The same by how many times longer the longer one is; the last class has no end. */
  longerByRatio(): (Share & { readonly upTo: number | null })[] {
    return this.#longer.map(({ count, of }, index) => {
      const upTo = LENGTH_CLASSES[index] as number;
      return { ...shareOf(count, of), upTo: Number.isFinite(upTo) ? upTo : null };
    });
  }
  /** Of preferences whose sides are known, those for the left reply. */
  left(): Share {
    return shareOf(this.#left.count, this.#left.of);
  }
}
