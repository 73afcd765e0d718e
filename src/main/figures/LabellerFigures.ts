/** How one person labels: how much, by side, by length, and how far like the others. Gathered one pair at a time. Pure. */
import { majority } from '#core/agreement.ts';
import { preferredReply } from '#core/preference.ts';
import type { AgreementPerson } from '#shared/agreementEntities.ts';
import type { RatedPair, Rater, Rating } from '../data/ratingRows.ts';
import { shareOf } from './Share.ts';

class Tally {
  count = 0;
  of = 0;
  add(isSo: boolean): void {
    this.of += 1;
    if (isSo) this.count += 1;
  }
  share() {
    return shareOf(this.count, this.of);
  }
}

export class LabellerFigures {
  readonly #rater: Rater;
  #decided = 0;
  readonly #left = new Tally();
  readonly #longer = new Tally();
  readonly #likeOthers = new Tally();
  readonly #codes = new Map<number, { decided: number; readonly likeOthers: Tally }>();

  constructor(rater: Rater) {
    this.#rater = rater;
  }

  add({ aLength, bLength, ratings }: RatedPair, own: Rating, code: number | null): void {
    if (own.verdict === 'skip') return;
    this.#decided += 1;
    const ofCode = code === null ? null : this.#ofCode(code);
    if (ofCode) ofCode.decided += 1;
    const preferred = preferredReply(own.verdict);
    if (preferred === null) return;
    if (own.left !== null) this.#left.add(own.left === preferred);
    // Of replies that were shown or came with a file: one that somebody wrote themselves says nothing of length.
    const wasJudged = own.left !== null || this.#rater.kind === 'import';
    if (wasJudged && aLength !== bLength) this.#longer.add(preferred === (aLength > bLength ? 'a' : 'b'));
    const others = majority(ratings.filter((rating) => rating !== own).map(({ verdict }) => verdict));
    if (others === null) return;
    this.#likeOthers.add(others === preferred);
    ofCode?.likeOthers.add(others === preferred);
  }

  #ofCode(code: number) {
    const known = this.#codes.get(code) ?? { decided: 0, likeOthers: new Tally() };
    this.#codes.set(code, known);
    return known;
  }

  figures(): Omit<AgreementPerson, 'reliability'> {
    return {
      name: this.#rater.name,
      kind: this.#rater.kind,
      decided: this.#decided,
      left: this.#left.share(),
      longer: this.#longer.share(),
      likeOthers: this.#likeOthers.share(),
      codes: [...this.#codes]
        .sort(([one], [other]) => one - other)
        .map(([code, { decided, likeOthers }]) => ({ code, decided, likeOthers: likeOthers.share() })),
    };
  }
}
