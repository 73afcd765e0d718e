/** Which pairs an export is of. */
import { FacetError } from '#core/result.ts';
import type { PairChoice } from '#shared/dataEntities.ts';
import { projectSettingsSchema } from '#shared/entities.ts';
import type { Database } from '../data/database.ts';
import { knownNames, type PairId, pairIds, type StandingRow } from '../data/exportRows.ts';
import { LibraryIndex } from '../data/LibraryIndex.ts';
import { settingsTable } from '../data/settings.ts';
import { opinions } from './labels.ts';

export function requireKnown(kind: string, asked: readonly string[] | null, known: readonly string[]): void {
  const unknown = asked?.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const names = known.length > 8 ? `${known.slice(0, 8).join(', ')}, …` : known.join(', ');
  throw new FacetError({
    code: `export.no-${kind}`,
    message: `The project has no ${kind} “${unknown}”.`,
    fix: known.length === 0 ? `It has no ${kind} at all.` : `Choose among: ${names}.`,
  });
}

/** In the order of their ids. `isWhole`: what is excluded is part of it. */
export function choosePairs(
  database: Database,
  { sources, annotators, tags, text, shown }: PairChoice,
  isWhole: boolean,
): PairId[] {
  const known = knownNames(database);
  requireKnown('source', sources, known.sources);
  requireKnown('annotator', annotators, known.people);
  requireKnown('tag', tags, known.tags);
  const all = pairIds(database, sources, shown ? 'all' : isWhole ? 'with-excluded' : 'in-use');
  if (text.trim() === '' && shown === null && tags === null) return all;
  const index = new LibraryIndex(database);
  const { blind } = projectSettingsSchema.pick({ blind: true }).parse(settingsTable(database).get('project'));
  const sets: Set<number>[] = [];
  if (text.trim() !== '')
    sets.push(new Set(index.find({ text, sourceId: null }, { annotatorId: null, blind })));
  if (tags)
    sets.push(
      new Set(index.find({ text: '', sourceId: null, where: { tags } }, { annotatorId: null, blind })),
    );
  if (shown) sets.push(new Set(index.ids(shown.filter, { annotatorId: shown.annotatorId, blind })));
  return all.filter(({ id }) => sets.every((set) => set.has(id)));
}

/** What stands on a pair as far as it counts; null where the pair is not asked for. */
export function countedLabels(
  standing: readonly StandingRow[],
  { annotators, status }: PairChoice,
): readonly StandingRow[] | null {
  const counted = annotators ? standing.filter(({ annotator }) => annotators.includes(annotator)) : standing;
  if (annotators && status === 'all') return counted.length > 0 ? counted : null;
  const people = counted.filter(({ kind }) => kind === 'person');
  const decided = people.filter(({ decision }) => decision !== 'skip');
  const fits = {
    all: true,
    labelled: decided.length > 0,
    unlabelled: people.length === 0,
    skipped: people.length > 0 && decided.length === 0,
    disputed: new Set(opinions(people).map(({ decision }) => decision)).size > 1,
  }[status];
  return fits ? counted : null;
}
