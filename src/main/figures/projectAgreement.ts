/** How far people agree over a whole project: overall, by aspect, source, couple and code; and how each of them labels. */
import { preferredReply, type Verdict } from '#core/preference.ts';
import { agreementFigures, type Question } from '#core/raters/agreementFigures.ts';
import { dawidSkene, mostLikely } from '#core/raters/dawidSkene.ts';
import { type Label, NO_LABEL, Ratings } from '#core/raters/ratings.ts';
import { ASPECT_ANSWERS, signedStrength } from '#core/verdictAttributes.ts';
import type { AgreementAsk, AgreementReport, AgreementRow } from '#shared/agreementEntities.ts';
import type { Database } from '../data/database.ts';
import {
  countRated,
  type RatedPair,
  type Rater,
  type Rating,
  ratedPairs,
  ratersOf,
  topCodes,
} from '../data/ratingRows.ts';
import { repeatTable } from '../data/repeatTable.ts';
import type { Tick } from '../pass/protocol.ts';
import { LabellerFigures } from './LabellerFigures.ts';
import { shareOf } from './Share.ts';

/** A skip is no label. */
const LABELS: readonly Verdict[] = ['a', 'b', 'tie', 'both_bad'];
const labelOf = ({ verdict }: Rating): Label => {
  const place = LABELS.indexOf(verdict);
  return place === -1 ? NO_LABEL : place;
};

type Labelled = (rating: Rating) => Label;

/** Ratings of one question, a rater's label each. */
class Gathered {
  readonly nominal: Ratings;
  readonly scale = new Ratings(0);
  constructor(categories: number) {
    this.nominal = new Ratings(categories);
  }
  add(raters: number, ratings: readonly Rating[], category: Labelled, value: Labelled): void {
    const place = (of: Labelled): Label[] => {
      const labels: Label[] = new Array<Label>(raters).fill(NO_LABEL);
      for (const rating of ratings) labels[rating.rater] = of(rating);
      return labels;
    };
    this.nominal.add(place(category));
    this.scale.add(place(value));
  }
}

/** What somebody said the first time and when the pair came again, as of two raters. */
function withThemselves(database: Database, { id, kind }: Rater): Gathered {
  const gathered = new Gathered(LABELS.length);
  if (kind !== 'person') return gathered;
  const value: Labelled = ({ verdict, strength }) => signedStrength(verdict, strength);
  const beside = { left: null, aspects: {} };
  for (const { first, firstStrength, again, againStrength } of repeatTable(database).saidTwice(id)) {
    const before: Rating = { rater: 0, verdict: first, strength: firstStrength, ...beside };
    const after: Rating = { rater: 1, verdict: again, strength: againStrength, ...beside };
    gathered.add(2, [before, after], labelOf, value);
  }
  return gathered;
}

class Groups<K> {
  readonly #of = new Map<K, Gathered>();
  readonly #categories: number;
  constructor(categories: number) {
    this.#categories = categories;
  }
  at(key: K): Gathered {
    const known = this.#of.get(key) ?? new Gathered(this.#categories);
    this.#of.set(key, known);
    return known;
  }
  /** Those of which anything can be said, the largest first. */
  list(): [K, Gathered][] {
    return [...this.#of]
      .filter(([, { nominal }]) => nominal.items > 0)
      .sort(([one, x], [other, y]) => y.nominal.items - x.nominal.items || (one < other ? -1 : 1));
  }
}

const RESAMPLES = 1000;
const LEAST_RESAMPLES = 200;
/** Combinations times resamples that are worked through for one row. */
const MOST_WORK = 2_000_000;

export async function projectAgreement(
  database: Database,
  { raters: choice, runId, seed }: AgreementAsk,
  tick: Tick,
): Promise<AgreementReport> {
  const raters = ratersOf(database, choice);
  const codeOf = runId === null ? null : topCodes(database, runId);
  const total = countRated(database, raters);
  const overall = new Gathered(LABELS.length);
  const asked = new Groups<string>(ASPECT_ANSWERS.length);
  const aspects = new Groups<string>(LABELS.length);
  const sources = new Groups<string>(LABELS.length);
  const codes = new Groups<number>(LABELS.length);
  const people = raters.map((rater) => new LabellerFigures(rater));
  const value: Labelled = ({ verdict, strength }) => signedStrength(verdict, strength);

  const take = (pair: RatedPair): void => {
    const { ratings, source, aspect, promptId } = pair;
    const code = codeOf?.get(promptId) ?? null;
    for (const rating of ratings) people[rating.rater]?.add(pair, rating, code);
    if (ratings.length < 2) return;
    const groups = [overall, sources.at(source), ...(aspect === null ? [] : [aspects.at(aspect)])];
    if (code !== null) groups.push(codes.at(code));
    for (const group of groups) group.add(raters.length, ratings, labelOf, value);
    for (const name of new Set(ratings.flatMap((rating) => Object.keys(rating.aspects))))
      asked.at(name).add(raters.length, ratings, answerOf(name), answerValue(name));
  };
  let done = 0;
  for (const pair of ratedPairs(database, raters)) {
    if (done % 256 === 0) tick(done, total);
    done += 1;
    take(pair);
  }

  const most = overall.nominal.patterns().length;
  const resamples = Math.max(LEAST_RESAMPLES, Math.min(RESAMPLES, Math.floor(MOST_WORK / Math.max(1, most))));
  const row = (name: string, question: Question, count = raters.length): AgreementRow => {
    tick(total, total);
    return { name, ...agreementFigures(question, { raters: count, seed, resamples }) };
  };
  const rows = (groups: Groups<string>): AgreementRow[] =>
    groups.list().map(([name, question]) => row(name, question));
  return {
    raters: raters.map(({ name }) => name),
    resamples,
    overall: row('All', overall),
    asked: rows(asked),
    aspects: rows(aspects),
    sources: rows(sources),
    again: raters.flatMap((rater) => {
      const question = withThemselves(database, rater);
      return question.nominal.items === 0 ? [] : [row(rater.name, question, 2)];
    }),
    couples: couplesOf(raters.length).flatMap(([one, other]) => {
      const question = {
        nominal: overall.nominal.ofTwo(one, other),
        scale: overall.scale.ofTwo(one, other),
      };
      if (question.nominal.items === 0) return [];
      const names = { one: raters[one]?.name ?? '', other: raters[other]?.name ?? '' };
      return [{ ...row(`${names.one} and ${names.other}`, question, 2), ...names }];
    }),
    codes: codeOf && codes.list().map(([code, question]) => ({ code, ...row(`Code ${code}`, question) })),
    ...consensusOf(overall.nominal, people),
  };
}

const SURE = 0.95;

/** The likeliest labels, and how far each rater is to be trusted. */
function consensusOf(
  ratings: Ratings,
  people: readonly LabellerFigures[],
): Pick<AgreementReport, 'consensus' | 'people'> {
  const patterns = ratings.patterns();
  const { truth, labelled, right } = dawidSkene(patterns, {
    raters: people.length,
    categories: ratings.categories,
  });
  let againstMost = 0;
  let sure = 0;
  for (const [place, { labels, items }] of patterns.entries()) {
    const likely = truth[place] as Float64Array;
    const label = mostLikely(likely);
    const counts = new Float64Array(ratings.categories);
    for (const said of labels) if (said !== NO_LABEL) counts[said] = (counts[said] as number) + 1;
    if ((counts[label] as number) < Math.max(...counts)) againstMost += items;
    if ((likely[label] as number) >= SURE) sure += items;
  }
  return {
    consensus: { items: ratings.items, againstMost, sure },
    people: people.map((person, rater) => ({
      ...person.figures(),
      reliability: shareOf(right[rater] ?? 0, labelled[rater] ?? 0),
    })),
  };
}

const answerOf =
  (name: string): Labelled =>
  ({ aspects }) => {
    const answer = aspects[name];
    return answer === undefined ? NO_LABEL : ASPECT_ANSWERS.indexOf(answer);
  };
/** One that does not apply is nowhere between the sides. */
const answerValue =
  (name: string): Labelled =>
  ({ aspects }) => {
    const answer = aspects[name];
    if (answer === undefined || answer === 'na') return NO_LABEL;
    const preferred = preferredReply(answer);
    return preferred === null ? 0 : preferred === 'a' ? 1 : -1;
  };

function couplesOf(count: number): [number, number][] {
  return Array.from({ length: count }, (_, one) =>
    Array.from({ length: count - one - 1 }, (__, step): [number, number] => [one, one + step + 1]),
  ).flat();
}
