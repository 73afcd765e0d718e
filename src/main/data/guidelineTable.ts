/** The project's guidelines, a version for each change, and who has been told of which. */
import type { GuidelineVersion } from '#shared/guidelineEntities.ts';
import type { Database } from './database.ts';

/** As Facet's own files hold one; `id` is what verdicts in the file name it by. */
export interface StoredGuidelines {
  readonly id: number;
  /** Null: it came with a file, beside the guidelines of the project. */
  readonly number: number | null;
  readonly text: string;
  readonly note: string;
  readonly author: string | null;
  readonly savedAt: string;
}
/** Of a damaged file that has lost its own, which nobody labels by. */
const LOST: InForce = {
  id: 0,
  number: 1,
  text: '',
  note: '',
  author: null,
  savedAt: new Date(0).toISOString(),
};

interface InForce extends GuidelineVersion {
  readonly id: number;
  readonly text: string;
}

export const STARTING_GUIDELINES = 'Choose the reply that you would rather receive. A tie is a fair answer.';

const COLUMNS = 'id, number, text, note, author, saved_at AS savedAt';

export const storedGuidelines = (database: Database): StoredGuidelines[] =>
  database.prepare<[], StoredGuidelines>(`SELECT ${COLUMNS} FROM guideline_versions ORDER BY id`).all();

export function guidelineTable(database: Database) {
  const latest = database.prepare<[], Pick<InForce, 'id' | 'savedAt'>>(
    `SELECT id, saved_at AS savedAt FROM guideline_versions
     WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1`,
  );
  const byId = database.prepare<[number], InForce>(`SELECT ${COLUMNS} FROM guideline_versions WHERE id = ?`);
  const list = database.prepare<[], GuidelineVersion>(
    `SELECT number, note, author, saved_at AS savedAt FROM guideline_versions
     WHERE number IS NOT NULL ORDER BY number DESC`,
  );
  const text = database
    .prepare<[number], string>('SELECT text FROM guideline_versions WHERE number = ?')
    .pluck();
  const idOf = database
    .prepare<[number], number>('SELECT id FROM guideline_versions WHERE number = ?')
    .pluck();
  const add = database.prepare<[string, string, string | null, string]>(
    `INSERT INTO guideline_versions (number, text, note, author, saved_at)
     VALUES ((SELECT coalesce(max(number), 0) + 1 FROM guideline_versions), ?, ?, ?, ?)`,
  );
  const told = database
    .prepare<[number], number>('SELECT number FROM guideline_readers WHERE annotator_id = ?')
    .pluck();
  const tell = database.prepare<[number, number]>(
    `INSERT INTO guideline_readers (annotator_id, number) VALUES (?, ?)
     ON CONFLICT (annotator_id) DO UPDATE SET number = max(number, excluded.number)`,
  );

  let known: InForce | null = null;
  /** The same object as long as the same version is in force. */
  const current = (): InForce => {
    const newest = latest.get();
    if (newest === undefined) return LOST;
    const { id, savedAt } = newest;
    // An import may put others in the place of those that a project began with.
    if (known?.id !== id || known.savedAt !== savedAt) known = byId.get(id) as InForce;
    return known;
  };
  return {
    current,
    list: () => list.all(),
    textOf: (number: number): string | null => text.get(number) ?? null,
    /** The version with a number; the one in force where none or an unknown one is named. */
    idOf: (number: number | undefined): number =>
      (number === undefined ? undefined : idOf.get(number)) ?? current().id,
    /** A new version, in force from now on. Nothing where the text is the same. */
    save: (version: { text: string; note: string; author: string | null; at: string }): void => {
      if (latest.get() !== undefined && current().text === version.text) return;
      add.run(version.text, version.note, version.author, version.at);
    },
    /** Of which version somebody has been told; whoever begins here has that in force before them. */
    toldOf: (annotatorId: number): number => {
      const known = told.get(annotatorId);
      if (known !== undefined) return known;
      tell.run(annotatorId, current().number);
      return current().number;
    },
    tell: (annotatorId: number, number: number): void => {
      tell.run(annotatorId, Math.min(number, current().number));
    },
  };
}

const isUntouched = (database: Database): boolean =>
  database
    .prepare<[string], number>(
      `SELECT count(*) = 1 AND max(number) = 1 AND max(text) = ? AND NOT EXISTS (
         SELECT 1 FROM annotations WHERE guidelines_id IS NOT NULL LIMIT 1)
       FROM guideline_versions`,
    )
    .pluck()
    .get(STARTING_GUIDELINES) === 1;

/**
 * Takes over the versions of another project. They are this one's own where nobody has written any here yet or labelled by
 * those it began with; else they stand beside, in force for nobody. Gives ids by those of the file.
 */
export function takeOverGuidelines(
  database: Database,
  versions: readonly StoredGuidelines[],
): ReadonlyMap<number, number> {
  const same = database
    .prepare<[string, string, string | null], number>(
      'SELECT id FROM guideline_versions WHERE text = ? AND saved_at = ? AND author IS ?',
    )
    .pluck();
  const add = database.prepare<[number | null, string, string, string | null, string]>(
    'INSERT INTO guideline_versions (number, text, note, author, saved_at) VALUES (?, ?, ?, ?, ?)',
  );
  const known = new Map(
    versions.map(({ id, text, savedAt, author }) => [id, same.get(text, savedAt, author)] as const),
  );
  const begins =
    versions.some(({ number }) => number !== null) &&
    [...known.values()].every((id) => id === undefined) &&
    isUntouched(database);
  if (begins) database.exec('DELETE FROM guideline_readers; DELETE FROM guideline_versions');
  const ids = new Map<number, number>();
  for (const { id, number, text, note, author, savedAt } of versions) {
    const added = () => add.run(begins ? number : null, text, note, author, savedAt).lastInsertRowid;
    ids.set(id, known.get(id) ?? Number(added()));
  }
  return ids;
}
