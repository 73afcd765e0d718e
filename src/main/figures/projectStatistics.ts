/** What a project holds and how it is labelled, in one pass over its pairs. */
import type { DataStatistics } from '#shared/dataEntities.ts';
import type { Database } from '../data/database.ts';
import { measuredPairs, statisticsTable } from '../data/statisticsRows.ts';
import type { Tick } from '../pass/protocol.ts';
import { languagesOf } from './languages.ts';
import { PairFigures } from './PairFigures.ts';
import { People } from './People.ts';

/** Prompts whose language is looked at: more would say the same. */
const LANGUAGE_SAMPLE = 10_000;

export async function projectStatistics(database: Database, _: null, tick: Tick): Promise<DataStatistics> {
  const table = statisticsTable(database);
  const { pairs, prompts } = table.size();
  const previews = table.previews(prompts, LANGUAGE_SAMPLE);
  const total = pairs + previews.length;
  const figures = new PairFigures();
  const people = new People();
  const progress = { byPeople: 0, byFiles: 0, skipped: 0 };
  for (const pair of measuredPairs(database)) {
    tick(figures.pairs, total);
    figures.add(pair, pair.standing);
    people.add(pair.standing);
    const decided = pair.standing.filter(({ decision }) => decision !== 'skip');
    if (decided.some(({ kind }) => kind === 'person')) progress.byPeople += 1;
    else if (decided.length > 0) progress.byFiles += 1;
    else if (pair.standing.length > 0) progress.skipped += 1;
  }
  for (const { annotator, ms } of table.durations()) people.addDuration(annotator, ms);
  const { compared, same, alpha } = figures.agreement;
  return {
    pairs,
    prompts,
    progress: { ...progress, open: pairs - progress.byPeople - progress.byFiles - progress.skipped },
    verdicts: figures.verdicts(),
    agreement: { compared, same, alpha },
    longer: figures.longer(),
    longerByRatio: figures.longerByRatio(),
    left: figures.left(),
    sources: figures.sources(),
    aspects: figures.aspects(),
    people: people.list(),
    days: table.days(),
    languages: {
      prompts: previews.length,
      list: await languagesOf(previews, (done) => tick(pairs + done, total)),
    },
  };
}
