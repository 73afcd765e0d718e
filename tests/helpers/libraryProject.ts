/** A project that has something of all that the Library filters by, and what each pair was made of. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import type { Facet } from '#main/app.ts';
import { FakeCompute } from '#main/services/fakeCompute.ts';
import { facetOver, importAll } from '#main/testFacet.ts';
import { labelAs } from '#main/testLabeller.ts';

const QUESTIONS = {
  en: (thing: string) => `How should I look after the ${thing} in my kitchen during the winter?`,
  de: (thing: string) => `Wie pflege ich ${thing} in meiner Küche während des Winters am besten?`,
  zh: (thing: string) => `冬天的时候，我应该怎样照顾厨房里的${thing}？`,
  ja: (thing: string) => `冬の間、台所の${thing}はどのように世話をすればいいですか。`,
} as const;
type Language = keyof typeof QUESTIONS;
const LANGUAGES = ['en', 'de', 'zh', 'ja'] as const;
const THINGS = ['basil', 'rosemary', 'orchid', 'lemon tree', 'cactus', 'fern', 'ivy'];

export interface MadePair {
  readonly id: number;
  readonly prompt: string;
  readonly a: string;
  readonly b: string;
  /** The file's. */
  readonly label: 'a' | 'b' | 'tie' | null;
  readonly source: string;
  readonly aspect: string | null;
  readonly language: Language;
  readonly difficulty: number;
  readonly team: string;
  readonly checked: boolean;
  /** Of the run that is made for it. */
  readonly code: number;
  readonly margin: number | null;
}

function made(index: number, language: Language, thing: string): MadePair {
  return {
    id: index + 1,
    prompt: QUESTIONS[language](thing),
    a: `${thing} ${index + 1}: ${'water it a little, '.repeat(1 + (index % 5))}and wait 🙂.`,
    b: `${thing} ${index + 1}: leave it${index % 6 === 0 ? ' in C++ or C' : ''}${' alone'.repeat(index % 3)}.`,
    label: index % 4 === 3 && index > 16 ? 'tie' : (([null, 'a', 'b'] as const)[index % 3] ?? null),
    source: index < 14 ? 'garden' : index < 24 ? 'kitchen' : 'workshop',
    aspect: index % 5 === 0 ? null : `aspect ${index % 5}`,
    language,
    difficulty: index % 7,
    team: index % 2 === 0 ? 'red' : 'deep blue',
    checked: index % 5 === 0,
    code: index % 4,
    margin: index % 5 === 0 ? null : ((index * 7) % 11) - 5.5,
  };
}

const plain = THINGS.flatMap((thing, place) =>
  LANGUAGES.map((language, at) => made(LANGUAGES.length * place + at, language, thing)),
);
const [first, , , , fifth] = plain as [MadePair, MadePair, MadePair, MadePair, MadePair];
/** The first pair but for case and signs, and the prompt of the fifth with a word more and replies of its own. */
const alike: readonly MadePair[] = [
  {
    ...{ ...made(28, 'en', 'sage'), aspect: first.aspect, prompt: first.prompt.toUpperCase() },
    ...{ a: `${first.a}!`, b: `${first.b}!` },
  },
  { ...made(29, 'en', 'sage'), prompt: `${fifth.prompt} Please.` },
];
/** Thirty pairs in the order of their numbers. */
export const MADE: readonly MadePair[] = [...plain, ...alike];

/** What people said, in this order. */
export const SAID = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((pairId) => ({
    who: 'Ada' as const,
    pairId,
    verdict: pairId === 4 ? ('skip' as const) : pairId === 5 ? ('both_bad' as const) : ('first' as const),
    flag: null,
  })),
  ...[2, 3, 6, 9, 10].map((pairId) => ({
    who: 'Bo' as const,
    pairId,
    verdict: pairId === 3 ? ('second' as const) : ('first' as const),
    flag: pairId === 9 ? 'The prompt is cut' : null,
  })),
] as const;

const inFile = ({ id: _, a, b, label, language: _l, code: _c, margin: _m, ...row }: MadePair) => ({
  ...row,
  response_a: a,
  response_b: b,
  label: label === 'a' ? 'A' : label === 'b' ? 'B' : label,
});

/** Makes it in this folder, not blind, and gives its path. */
export async function libraryProject(folder: string): Promise<string> {
  const path = join(folder, 'library.facet');
  const file = join(folder, 'made.jsonl');
  await writeFile(file, MADE.map((pair) => `${JSON.stringify(inFile(pair))}\n`).join(''));
  const facet = facetOver(folder, { compute: new FakeCompute() });
  try {
    await facet.services.project.create({ path, name: 'Library' });
    await importAll(facet, file);
    await facet.services.project.updateSettings({ blind: false });
    const keys = storedKeys(path);
    const people = { Ada: await labelAs(facet, 'Ada'), Bo: await labelAs(facet, 'Bo') };
    for (const { who, pairId, verdict, flag } of SAID) {
      const said = verdict === 'first' || verdict === 'second' ? keys(pairId, verdict) : verdict;
      await people[who].queue();
      await people[who].decide({
        ...{ pairId, verdict: said, leftKey: pairId % 3 === 0 ? 'a' : 'b' },
        ...(flag !== null && { attributes: { ...NO_ATTRIBUTES, flag } }),
      });
    }
    await playRun(facet, folder);
  } finally {
    await facet.dispose();
  }
  putFigures(path);
  return path;
}

async function playRun({ services: { models, runs } }: Facet, folder: string): Promise<void> {
  await mkdir(join(folder, 'tiny'));
  await writeFile(join(folder, 'tiny', 'config.json'), '{}');
  const { id: modelId } = await models.add(join(folder, 'tiny'));
  const { id } = await runs.start({
    ...{ name: 'Played', modelId, config: { ...DEFAULT_RUN, steps: 2 } },
    selection: { labels: 'imported', sourceIds: null },
  });
  await runs.wait(id);
}

/** Replies are stored in an order of their own: the key of a pair's `a` or `b` of the file. */
function storedKeys(path: string) {
  const database = new Sqlite(path, { readonly: true });
  const rows = database
    .prepare<[], { id: number; text: string }>(
      'SELECT pairs.id, responses.text FROM pairs JOIN responses ON responses.id = pairs.a_id',
    )
    .all();
  database.close();
  const stored = new Map(rows.map(({ id, text }) => [id, text]));
  return (pairId: number, which: 'first' | 'second'): 'a' | 'b' =>
    (stored.get(pairId) === MADE[pairId - 1]?.a) === (which === 'first') ? 'a' : 'b';
}

/** Gives the run, which was played, the codes and margins that are known. */
function putFigures(path: string): void {
  const database = new Sqlite(path);
  const { step } = database.prepare('SELECT max(step) AS step FROM checkpoint_figures').get() as {
    step: number;
  };
  database.exec('DELETE FROM pair_results; DELETE FROM code_activations');
  const code = database.prepare(
    `INSERT INTO code_activations (run_id, step, prompt_id, top_code, top_weight, weights)
     SELECT 1, ?, prompt_id, ?, 0.5, x'' FROM pairs WHERE id = ?`,
  );
  const margin = database.prepare(
    `INSERT INTO pair_results (run_id, step, pair_id, margin, reward_chosen, reward_rejected)
     VALUES (1, ?, ?, ?, 0, 0)`,
  );
  for (const pair of MADE) {
    code.run(step, pair.code, pair.id);
    if (pair.margin !== null) margin.run(step, pair.id, pair.margin);
  }
  database.exec(`UPDATE checkpoint_figures SET prompts = (SELECT count(*) FROM code_activations),
    pairs = (SELECT count(*) FROM pair_results)`);
  database.close();
}
