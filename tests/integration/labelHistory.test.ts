/**
 * Two people label, take back, decide again and start again in any order, each on a page of their own: after each step
 * what the file holds and what the screen shows equal a model that a reader can check by eye.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERDICTS, type Verdict } from '#core/preference.ts';
import { NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import type { Facet } from '#main/app.ts';
import { Connection } from '#main/services/Connection.ts';
import { facetOver, importAll } from '#main/testFacet.ts';
import { labelAs } from '#main/testLabeller.ts';
import { createDesk } from '#renderer/features/annotate/desk.ts';
import { counts, redoable, undoable } from '#renderer/features/annotate/sessionView.ts';

const PEOPLE = ['Ada', 'Ben'] as const;
/** Two pairs, and three that are of three replies, which come as one. */
const PAIRS = 5;
const ALL_PAIRS = Array.from({ length: PAIRS }, (_, index) => index + 1);
const OF_SET: readonly number[] = [3, 4, 5];

interface Decision {
  readonly pairId: number;
  readonly verdict: Verdict;
  /** Different for each: tells whose evidence stands. Of a ranking that of its first pair; the others have none. */
  readonly durationMs: number | null;
  /** The other decisions of the same act. */
  readonly others?: readonly Decision[];
}

/** One annotator's decisions in their order, of which the first `inForce` are in force, and the pair on screen. */
class Model {
  line: Decision[] = [];
  inForce = 0;
  screen: number | null = 1;

  standing(): Map<number, Decision> {
    const acts = this.line
      .slice(0, this.inForce)
      .flatMap((decision) => [decision, ...(decision.others ?? [])]);
    return new Map(acts.map((decision) => [decision.pairId, decision]));
  }
  firstUndecided(): number | null {
    const standing = this.standing();
    return ALL_PAIRS.find((pairId) => !standing.has(pairId)) ?? null;
  }
  decide(decision: Decision): void {
    this.line = [...this.line.slice(0, this.inForce), decision];
    this.inForce += 1;
    this.screen = this.firstUndecided();
  }
  undo(): void {
    if (this.inForce === 0) return;
    this.inForce -= 1;
    this.screen = this.line[this.inForce]?.pairId ?? null;
  }
  redo(): void {
    const redone = this.line[this.inForce];
    if (redone === undefined) return;
    this.inForce += 1;
    const redoes = [redone, ...(redone.others ?? [])].map(({ pairId: pair }) => pair);
    if (this.screen !== null && redoes.includes(this.screen)) this.screen = this.firstUndecided();
  }
}

type Command =
  | {
      readonly do: 'press';
      readonly who: number;
      readonly verdicts: readonly Verdict[];
      /** Of a set that comes up: how good each reply is found, in the order of their ids. */
      readonly places: readonly number[];
      readonly undos: number;
    }
  | { readonly do: 'undo' | 'redo'; readonly who: number; readonly times: number }
  | { readonly do: 'open'; readonly who: number; readonly pairId: number }
  | { readonly do: 'elsewhere'; readonly who: number; readonly pairId: number; readonly verdict: Verdict }
  | { readonly do: 'restart' };

const who = fc.integer({ min: 0, max: PEOPLE.length - 1 });
const verdict = fc.constantFrom(...VERDICTS);
const pairId = fc.integer({ min: 1, max: PAIRS });
const command: fc.Arbitrary<Command> = fc.oneof(
  // Keys faster than the disk: the last ones are taken back before they are saved, or while they are.
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('press' as const),
      who,
      verdicts: fc.array(verdict, { minLength: 1, maxLength: 3 }),
      places: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
      undos: fc.integer({ min: 0, max: 2 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('undo' as const, 'redo' as const),
      who,
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('open' as const), who, pairId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('elsewhere' as const), who, pairId, verdict }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

function readReplies(path: string): Map<number, readonly [number, number]> {
  const database = new Sqlite(path, { readonly: true });
  const rows = database.prepare<[], [number, number, number]>('SELECT id, a_id, b_id FROM pairs').raw().all();
  database.close();
  return new Map(rows.map(([id, a, b]) => [id, [a, b] as const]));
}

/** A page as the window has it, without its picture. */
async function openPage(facet: Facet, name: string) {
  const connection = new Connection();
  const client = createRouterClient(facet.router, { context: { connection } });
  const refusals: string[] = [];
  const desk = createDesk({
    annotate: client.annotate,
    newRequestId: () => crypto.randomUUID(),
    now: () => new Date().toISOString(),
    guidelines: () => undefined,
    onSettled: () => undefined,
    onTold: () => undefined,
    onMoved: ({ code }) => refusals.push(code),
    identifyAgain: async () => false,
  });
  const { id } = await client.annotate.identify({ name });
  desk.begin(id);
  await desk.load(null);
  const settled = async () => {
    const idle = () => {
      const { operations, sending, failure } = desk.store.getState();
      expect(failure).toBeNull();
      return operations.length === 0 && !sending;
    };
    while (!idle()) await new Promise((resolve) => setImmediate(resolve));
    await desk.atRest();
  };
  return { desk, refusals, settled };
}
type Page = Awaited<ReturnType<typeof openPage>>;

class World {
  readonly models = PEOPLE.map(() => new Model());
  readonly #path: string;
  readonly #folder: string;
  #facet: Facet;
  #pages: Page[] = [];
  #decisions = 0;
  /** The two replies of each pair, by the ids that ranks are given by. */
  #replies = new Map<number, readonly [number, number]>();

  private constructor(folder: string, facet: Facet) {
    this.#folder = folder;
    this.#path = join(folder, 'model.facet');
    this.#facet = facet;
  }

  static async make(folder: string): Promise<World> {
    const world = new World(folder, facetOver(folder));
    const { project } = world.#facet.services;
    await project.create({ path: world.#path, name: 'Model' });
    const file = join(folder, 'pairs.jsonl');
    const rows = [1, 2].map((number) => ({ prompt: `Q${number}`, chosen: 'yes', rejected: 'no' }));
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await importAll(world.#facet, file);
    const several = join(folder, 'several.jsonl');
    writeFileSync(several, JSON.stringify({ prompt: 'Q3', responses: ['one', 'two', 'three'] }));
    await importAll(world.#facet, several);
    world.#replies = readReplies(world.#path);
    await world.#openPages();
    return world;
  }

  async #openPages(): Promise<void> {
    this.#pages = await Promise.all(PEOPLE.map((name) => openPage(this.#facet, name)));
    for (const model of this.models) model.screen = model.firstUndecided();
  }

  close(): Promise<void> {
    return this.#facet.dispose();
  }

  async #restart(): Promise<void> {
    await this.#facet.dispose();
    this.#facet = facetOver(this.#folder);
    await this.#facet.services.project.open(this.#path);
    await this.#openPages();
  }

  /** Another page of the same annotator decides; then this one asks to take back what it still believes to be the last. */
  async #elsewhere(index: number, pair: number, given: Verdict): Promise<void> {
    const { desk, refusals, settled } = this.#pages[index] as Page;
    const model = this.models[index] as Model;
    const before = model.screen;
    const hadSomething = model.inForce > 0;
    const durationMs = ++this.#decisions;
    const other = await labelAs(this.#facet, PEOPLE[index]);
    await other.decide({ pairId: pair, verdict: given, durationMs });
    model.decide({ pairId: pair, verdict: given, durationMs });
    model.screen = before ?? model.firstUndecided();
    const refused = refusals.length;
    desk.undo();
    await settled();
    if (hadSomething) expect(refusals.slice(refused)).toEqual(['annotate.history-moved']);
    else await desk.reload();
  }

  /** What a verdict on the pair on screen decides: a skip or all bad of the whole set, else the order of its replies. */
  #act(pair: number, given: Verdict, places: readonly number[], durationMs: number) {
    if (!OF_SET.includes(pair))
      return { decision: { pairId: pair, verdict: given, durationMs }, ranks: null };
    const ids = [...new Set(OF_SET.flatMap((one) => this.#replies.get(one) ?? []))].sort((x, y) => x - y);
    const isWhole = given === 'skip' || given === 'both_bad';
    const ranks = Object.fromEntries(ids.map((id, index) => [String(id), places[index] ?? 1]));
    const says = (one: number): Verdict => {
      const [a, b] = this.#replies.get(one) ?? [0, 0];
      const [first, second] = [ranks[a] ?? 0, ranks[b] ?? 0];
      return isWhole ? given : first === second ? 'tie' : first < second ? 'a' : 'b';
    };
    const others = OF_SET.filter((one) => one !== pair).map((one) => ({
      ...{ pairId: one, verdict: says(one), durationMs: null },
    }));
    return {
      decision: { pairId: pair, verdict: says(pair), durationMs, others },
      ranks: isWhole ? null : ranks,
    };
  }

  async run(given: Command): Promise<void> {
    if (given.do === 'restart') return this.#restart();
    if (given.do === 'elsewhere') return this.#elsewhere(given.who, given.pairId, given.verdict);
    const { desk, settled } = this.#pages[given.who] as Page;
    const model = this.models[given.who] as Model;
    if (given.do === 'open') {
      await desk.load(given.pairId);
      model.screen = given.pairId;
    } else if (given.do === 'press') {
      for (const pressed of given.verdicts) {
        if (model.screen === null) break;
        const durationMs = ++this.#decisions;
        // What is on screen may run ahead of the disk, never of the queue that was read.
        if (desk.store.getState().items.length === 0) await settled();
        const item = desk.store.getState().items[0];
        expect(item?.pairId).toBe(model.screen);
        expect(item?.set !== null).toBe(OF_SET.includes(model.screen));
        const act = this.#act(model.screen, pressed, given.places, durationMs);
        const ranking = item?.set && { setId: item.set.id, ranks: act.ranks };
        desk.decide(pressed, NO_ATTRIBUTES, durationMs, ranking ?? undefined);
        model.decide(act.decision);
      }
      for (let count = 0; count < given.undos; count += 1) {
        desk.undo();
        model.undo();
      }
      await settled();
    } else {
      for (let count = 0; count < given.times; count += 1) {
        desk[given.do]();
        model[given.do]();
        await settled();
      }
    }
  }

  /** What the file holds and what each screen shows. */
  check(): void {
    const database = new Sqlite(this.#path, { readonly: true });
    const stored = database
      .prepare(
        `SELECT annotators.name, standing.pair_id, standing.decision, annotations.decision, annotations.duration_ms
         FROM standing JOIN annotations ON annotations.id = standing.annotation_id
         JOIN annotators ON annotators.id = standing.annotator_id
         WHERE annotators.kind = 'person' ORDER BY annotators.name, standing.pair_id`,
      )
      .raw()
      .all();
    database.close();
    const expected = PEOPLE.flatMap((name, index) =>
      [...(this.models[index] as Model).standing().values()]
        .sort((one, other) => one.pairId - other.pairId)
        .map(({ pairId: pair, verdict: given, durationMs }) => [name, pair, given, given, durationMs]),
    );
    expect(stored).toEqual(expected);
    expect(existsSync(`${this.#path}.unsaved.jsonl`)).toBe(false);
    for (const [index, page] of this.#pages.entries()) this.#checkScreen(page, this.models[index] as Model);
  }

  #checkScreen({ desk }: Page, model: Model): void {
    const session = desk.store.getState();
    const standing = model.standing();
    const item = session.items[0];
    expect(item?.pairId ?? null).toBe(model.screen);
    if (item) {
      expect(item.verdict).toBe(standing.get(item.pairId)?.verdict ?? null);
      expect(item.position).toBe(item.pairId);
    }
    const said = (step: { readonly pairId: number; readonly verdict: Verdict } | null | undefined) =>
      step ? [step.pairId, step.verdict] : null;
    expect(said(undoable(session))).toEqual(said(model.line[model.inForce - 1]));
    expect(said(redoable(session))).toEqual(said(model.line[model.inForce]));
    expect(counts(session)).toMatchObject({
      decided: standing.size,
      remaining: PAIRS - standing.size,
      skipped: [...standing.values()].filter(({ verdict: given }) => given === 'skip').length,
      total: PAIRS,
    });
  }
}

describe('any sequence of labelling', () => {
  it('leaves file and screen as the model says, after each step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 25 }), async (commands) => {
        const folder = mkdtempSync(join(tmpdir(), 'facet-model-'));
        const world = await World.make(folder);
        try {
          for (const given of commands) {
            await world.run(given);
            world.check();
          }
        } finally {
          await world.close();
          rmSync(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: 20 },
    );
  }, 300_000);
});
