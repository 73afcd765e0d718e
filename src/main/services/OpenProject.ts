import { PLAIN_GOLD } from '#core/gold.ts';
import { PLAIN_RATINGS } from '#core/ratings.ts';
import { FacetError } from '#core/result.ts';
import { PLAIN_RULES } from '#core/verdictAttributes.ts';
import {
  type Project,
  type ProjectSettings,
  projectSettingsSchema,
  type QueueScope,
} from '#shared/entities.ts';
import type { CodeQuestions } from '../codes/protocol.ts';
import { adjudicationTable } from '../data/adjudications.ts';
import { annotationTable } from '../data/annotations.ts';
import { annotatorTable } from '../data/annotators.ts';
import { damagedFailure } from '../data/check.ts';
import { claimTable } from '../data/claims.ts';
import { codeNames } from '../data/codeNames.ts';
import { codeTable } from '../data/codeTable.ts';
import { type Database, forbidWriting } from '../data/database.ts';
import { figureTable } from '../data/figureTable.ts';
import { goldTable } from '../data/goldTable.ts';
import { guidelineTable, STARTING_GUIDELINES } from '../data/guidelineTable.ts';
import { type HiddenRows, hiddenRows } from '../data/hiddenRows.ts';
import { labelHistory } from '../data/labelHistory.ts';
import { labelQueue } from '../data/labelQueue.ts';
import { markTable } from '../data/marks/markTable.ts';
import { memberTable } from '../data/memberTable.ts';
import { modelTable } from '../data/modelTable.ts';
import { nameFromPath } from '../data/ownRows.ts';
import { pairTotals, type Viewer } from '../data/pairRows.ts';
import { ratingTable } from '../data/ratingTable.ts';
import { repeatTable } from '../data/repeatTable.ts';
import { replySets } from '../data/replySets.ts';
import { runTable } from '../data/runTable.ts';
import { sessionTable } from '../data/sessionTable.ts';
import { setAsideTable } from '../data/setAside.ts';
import { settingsTable } from '../data/settings.ts';
import { inTransaction } from '../data/transaction.ts';
import { UnsavedVerdicts } from '../data/unsavedVerdicts.ts';
import { viewTable } from '../data/viewTable.ts';
import { Writer } from '../data/Writer.ts';
import { codesProcessEntry, readProcessEntry } from '../environment.ts';
import { ProjectReader } from '../read/ProjectReader.ts';
import type { Questions } from '../read/protocol.ts';
import type { Connection } from './Connection.ts';
import { QueueOrders } from './QueueOrders.ts';
import { TextScope } from './TextScope.ts';

const DEFAULT_SETTINGS: Omit<ProjectSettings, 'guidelines'> = {
  blind: true,
  verdict: PLAIN_RULES,
  overlap: null,
  gold: PLAIN_GOLD,
  repeats: 0,
  ratings: PLAIN_RATINGS,
};

const NO_SETTINGS = {};

/** The project file that is open: its tables and its one writer. */
export class OpenProject {
  readonly path: string;
  readonly database: Database;
  readonly writer = new Writer();
  /** Aborted when the project closes: imports end and leave nothing. */
  readonly closing = new AbortController();
  readonly hidden: HiddenRows;
  readonly settings: ReturnType<typeof settingsTable>;
  /** Tables, counts and searches: read by a process of their own. */
  readonly reader: ProjectReader<Questions>;
  /** Codes of runs: by a process that the table of pairs does not wait for. */
  readonly codesReader: ProjectReader<CodeQuestions>;
  readonly textScope: TextScope;
  readonly orders: QueueOrders;
  readonly pairs: ReturnType<typeof pairTotals>;
  readonly setAside: ReturnType<typeof setAsideTable>;
  readonly annotations: ReturnType<typeof annotationTable>;
  readonly annotators: ReturnType<typeof annotatorTable>;
  readonly adjudications: ReturnType<typeof adjudicationTable>;
  readonly gold: ReturnType<typeof goldTable>;
  readonly ratings: ReturnType<typeof ratingTable>;
  readonly repeats: ReturnType<typeof repeatTable>;
  readonly guidelines: ReturnType<typeof guidelineTable>;
  readonly claims: ReturnType<typeof claimTable>;
  readonly sets: ReturnType<typeof replySets>;
  readonly members: ReturnType<typeof memberTable>;
  readonly sessions: ReturnType<typeof sessionTable>;
  readonly history: ReturnType<typeof labelHistory>;
  readonly queue: ReturnType<typeof labelQueue>;
  readonly unsaved: UnsavedVerdicts;
  readonly models: ReturnType<typeof modelTable>;
  readonly runs: ReturnType<typeof runTable>;
  readonly marks: ReturnType<typeof markTable>;
  readonly views: ReturnType<typeof viewTable>;
  readonly codes: ReturnType<typeof codeTable>;
  readonly figures: ReturnType<typeof figureTable>;
  readonly codeNames: ReturnType<typeof codeNames>;
  /** Held by an import from its first row to its last: what others add would come after the rows it hides. */
  readonly #adding = new Writer();
  /** Held by a change of marks from its question to its last piece: what it changes rests on what is marked. */
  readonly #marking = new Writer();
  /** The search index while it is being made. */
  indexing: Promise<void> | null = null;
  readonly #background = new Set<Promise<unknown>>();
  /** Files that are being imported. */
  readonly importing = new Set<string>();
  /** By annotator: annotations after this one belong to the session that is on. */
  readonly #sessionStarts = new Map<number, number>();
  readonly #release: () => void;
  #settings: { readonly stored: object; readonly guidelines: string; readonly read: ProjectSettings } | null =
    null;

  #damage: readonly string[] = [];

  constructor(
    path: string,
    database: Database,
    release: () => void,
    log: (line: string) => void,
    damage: readonly string[] = [],
  ) {
    this.path = path;
    this.database = database;
    this.#release = release;
    if (damage.length > 0) this.foundDamaged(damage);
    this.hidden = hiddenRows(database);
    this.settings = settingsTable(database);
    this.pairs = pairTotals(database);
    this.reader = new ProjectReader(readProcessEntry, path);
    this.codesReader = new ProjectReader(codesProcessEntry, path);
    this.textScope = new TextScope(this.reader, this.pairs.state);
    this.setAside = setAsideTable(database);
    if (damage.length === 0) this.setAside.recheck();
    this.annotations = annotationTable(database);
    this.annotators = annotatorTable(database);
    this.members = memberTable(database);
    this.sets = replySets(database);
    this.claims = claimTable(database);
    this.gold = goldTable(database);
    this.ratings = ratingTable(database);
    this.repeats = repeatTable(database);
    this.guidelines = guidelineTable(database);
    this.adjudications = adjudicationTable(database);
    this.sessions = sessionTable(database);
    this.history = labelHistory(database);
    this.orders = new QueueOrders(this.reader, this.pairs.state);
    this.queue = labelQueue(database, {
      found: (filter, annotatorId) => this.textScope.idsOf(filter, annotatorId),
      ordered: (scope, annotatorId) => this.orders.of(scope, annotatorId),
      isGold: (pairId) => this.gold.has(pairId),
      room: () => {
        const { overlap } = this.projectSettings();
        if (overlap === null) return null;
        const at = Date.now();
        const drawnBy = this.sets.largest() === 0 ? (pairId: number) => pairId : this.sets.leadOf;
        return (pairId, annotatorId) =>
          this.claims.placeFor(pairId, annotatorId, { ...overlap, drawnBy: drawnBy(pairId) }, at);
      },
    });
    this.unsaved = new UnsavedVerdicts(path, log);
    this.models = modelTable(database);
    this.runs = runTable(database);
    this.marks = markTable(database);
    this.views = viewTable(database);
    this.codes = codeTable(database);
    this.figures = figureTable(database);
    this.codeNames = codeNames(database);
  }

  /** What is damaged in the file, in words; where anything is, nothing is written to it any more. */
  get damage(): readonly string[] {
    return this.#damage;
  }

  foundDamaged(problems: readonly string[]): void {
    this.#damage = problems;
    this.writer.refuse(damagedFailure(this.path, problems));
    forbidWriting(this.database);
  }

  /** Folder beside the file for what is too large for it: runs, checkpoints, caches. */
  get filesDir(): string {
    return `${this.path}.files`;
  }

  /** Looks up the pairs of a queue before a transaction, which cannot wait for it. */
  async lookUpQueue(scope: QueueScope, viewer: Viewer, anew = false): Promise<void> {
    await this.textScope.lookUp(scope, viewer, anew);
    await this.orders.lookUp(scope, viewer, anew);
  }

  describe(): Project {
    const { pairs, prompts, labelled, runs } = this.pairs.totals();
    const { number, note, author, savedAt } = this.guidelines.current();
    return {
      path: this.path,
      // A damaged file may have lost them.
      name: (this.settings.get('name') as string | undefined) ?? nameFromPath(this.path),
      createdAt: (this.settings.get('createdAt') as string | undefined) ?? new Date(0).toISOString(),
      settings: this.projectSettings(),
      guidelines: { number, note, author, savedAt },
      counts: { pairs, labelled, prompts, runs },
      damage: [...this.#damage],
    };
  }

  /** Resolves when no import is on, with the function that lets the next one begin. */
  holdAdding(): Promise<() => void> {
    return this.#adding.hold();
  }

  /** Adds pairs by hand, in their turn: after an import that is on. */
  async addPairs<T>(add: () => T): Promise<T> {
    const release = await this.#adding.hold();
    try {
      return await this.writer.write(() => inTransaction(this.database, add));
    } finally {
      release();
    }
  }

  /** Begins a change of marks, then writes what was begun, in pieces between which others have their turn. */
  async changeMarks<T>(begin: () => Promise<T>): Promise<T> {
    const work = async (): Promise<T> => {
      const release = await this.#marking.hold();
      try {
        const begun = await begin();
        for (const piece of this.marks.pieces()) {
          await this.writer.write(piece);
          // What has come meanwhile, a verdict among it, is taken in only between two turns of the loop.
          await new Promise((resolve) => setImmediate(resolve));
        }
        return begun;
      } finally {
        release();
      }
    };
    const working = work();
    this.track(working);
    return working;
  }

  /** Work that has to end before the file is closed. */
  track(work: Promise<unknown>): void {
    const settled = work.catch(() => undefined).finally(() => this.#background.delete(settled));
    this.#background.add(settled);
  }
  async settle(): Promise<void> {
    await Promise.all(this.#background);
    await Promise.all([this.reader.close(), this.codesReader.close()]);
  }

  projectSettings(): Readonly<ProjectSettings> {
    const stored = (this.settings.get('project') ?? NO_SETTINGS) as Partial<ProjectSettings>;
    const { text: guidelines } = this.guidelines.current();
    // What came later is not in an older project.
    if (stored !== this.#settings?.stored || guidelines !== this.#settings.guidelines) {
      const read = projectSettingsSchema.parse({ ...DEFAULT_SETTINGS, ...stored, guidelines });
      this.#settings = { stored, guidelines, read };
    }
    return this.#settings.read;
  }

  /** First settings of a new project, in one transaction. */
  initialise(name: string, at: string): void {
    inTransaction(this.database, () => {
      this.settings.set('name', name);
      this.settings.set('createdAt', at);
      this.settings.set('project', DEFAULT_SETTINGS);
      this.guidelines.save({ text: STARTING_GUIDELINES, note: '', author: null, at });
    });
  }

  /** A session lasts while the project is open, whatever page somebody labels on. */
  beginSession(annotatorId: number): void {
    if (!this.#sessionStarts.has(annotatorId)) {
      this.#sessionStarts.set(annotatorId, this.annotations.lastId());
    }
  }
  sessionStart(annotatorId: number): number {
    return this.#sessionStarts.get(annotatorId) ?? 0;
  }

  close(): void {
    this.database.close();
    this.#release();
  }
}

/** For whom a page is read: nobody, where a connection has not said who labels on it. */
export const viewerOf = (project: OpenProject, who?: Connection): Viewer => ({
  annotatorId: who?.annotatorIn(project) ?? null,
  blind: project.projectSettings().blind,
});

/** Holds the open project for every service. */
export class CurrentProject {
  #open: OpenProject | null = null;
  get(): OpenProject | null {
    return this.#open;
  }
  set(project: OpenProject | null): void {
    this.#open = project;
  }
  require(): OpenProject {
    if (this.#open) return this.#open;
    throw new FacetError({
      code: 'project.none-open',
      message: 'No project is open.',
      fix: 'Open a project, or start with the sample.',
    });
  }
}
