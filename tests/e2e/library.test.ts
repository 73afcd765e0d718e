/** The Library in the real window: what the search finds and what statistics say, against what the pairs were made of. */
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type DrivenWindow, launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import { libraryProject, MADE, type MadePair } from '../helpers/libraryProject.ts';
import {
  ALL,
  characters,
  decided,
  libraryWalk,
  said,
  textOf,
  toFile,
  where,
} from '../helpers/libraryWalk.ts';
import * as walk from '../helpers/walk.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let facet: DrivenWindow;
let project: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  project = await libraryProject(folder.path);
  facet = await launchFacet(`${folder.path}/user`, { project });
  const { page } = facet;
  await page.getByRole('banner').waitFor();
  await page.keyboard.press('Alt+2');
  await walk.sayName(page, 'Ada');
  await page.getByRole('button', { name: 'Ada' }).waitFor();
  await page.keyboard.press('Alt+1');
  await chooseColumns(['No.']);
}, 120_000);
afterEach(({ task }) => pictureOfFailure(facet, task));
afterAll(async () => {
  await facet.app.close();
  await folder.remove();
});

const { shows, chooseColumns } = libraryWalk(() => facet.page);

test('the search finds Chinese, Japanese, C++, two letters, phrases, and leaves out what it is told to', async () => {
  const search = facet.page.getByRole('textbox', { name: 'Search prompts and replies' });
  const holds = (part: string) => (pair: MadePair) =>
    [pair.prompt, pair.a, pair.b].some((text) => text.toLowerCase().includes(part.toLowerCase()));
  const queries: readonly (readonly [string, (pair: MadePair) => boolean])[] = [
    ['厨房', holds('厨房')],
    ['に', holds('に')],
    ['台所の', holds('台所の')],
    ['C++', holds('c++')],
    ['se', holds('se')],
    ['kuche', holds('Küche')],
    ['"leave it alone"', holds('leave it alone')],
    ['"alone leave"', holds('alone leave')],
    ['basil -冬天', (pair) => holds('basil')(pair) && !holds('冬天')(pair)],
    ['-"in my kitchen" ivy', (pair) => holds('ivy')(pair) && !holds('in my kitchen')(pair)],
    // A phrase that is only begun asks for nothing yet.
    ['"', () => true],
  ];
  for (const [text, test] of queries) {
    await search.fill(text);
    const ids = where(test);
    if (ids.length > 0) await shows(ids, text);
    else await facet.page.getByText('No pair matches').waitFor();
  }
  await search.fill('');
  await shows(ALL, 'everything');
});

/** Wilson's score for 95 %, as it stands in a textbook. */
function wilson(hits: number, of: number): string {
  const [z, p] = [1.959964, hits / of];
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return `${percent(p)} ${percent(middle - half)} to ${percent(middle + half)} of ${of}`;
}

test('statistics say what a count of the pairs gives', async () => {
  const { page } = facet;
  await page.getByRole('navigation', { name: 'Views of the Library' }).getByText('Statistics').click();
  const card = (name: string) => page.getByRole('region', { name, exact: true });
  const says = (name: string, words: string) =>
    expect
      .poll(async () => (await textOf(card(name))).replaceAll(/\s+/g, ' '), { message: name })
      .toContain(words);
  const share = (count: number, of: number) => `${count} ${((100 * count) / of).toFixed(1)} %`;
  await card('Verdicts').waitFor();
  const main = (await textOf(page.getByRole('main'))).replaceAll(/\s+/g, ' ');
  const byFiles = where(({ id, label }) => label !== null && !decided.has(id)).length;
  for (const [name, count] of [
    ['PAIRS', 30],
    ['DECIDED BY PEOPLE', decided.size],
    ['LABELLED BY FILES ALONE', byFiles],
    ['OPEN', 30 - decided.size - byFiles - 1],
  ] as const)
    expect(main).toContain(`${name} ${count}`);
  expect(main).toContain('and 1 skipped');

  // Every verdict of a person counts, and where nobody decided, the file's.
  const verdicts = [
    ...said.map(({ pairId, verdict }) => ({
      pair: MADE[pairId - 1] as MadePair,
      verdict: toFile[verdict as 'first'] ?? verdict,
    })),
    ...MADE.filter(({ id, label }) => label !== null && !decided.has(id)).map((pair) => ({
      pair,
      verdict: pair.label,
    })),
  ];
  const preferences = verdicts.filter(({ verdict }) => verdict === 'a' || verdict === 'b');
  const ties = verdicts.filter(({ verdict }) => verdict === 'tie').length;
  await says('Verdicts', `Tie ${share(ties, verdicts.length)} Both bad ${share(1, verdicts.length)}`);
  const longer = preferences.filter(
    ({ pair, verdict }) => characters(pair[verdict as 'a']) > characters(pair[verdict === 'a' ? 'b' : 'a']),
  );
  await says(
    'Length and choice',
    `The longer reply is preferred ${wilson(longer.length, preferences.length)}`,
  );
  await says('Agreement', '66.7 % of 3 comparisons are the same');
  await says('By day', 'ADA BO ALL');
  await says('By day', '8 5 13');
  await says('People', 'Ada 7 1 0.1 s');
  await says('People', 'Bo 5 0 0.1 s');
  for (const source of ['garden', 'kitchen', 'workshop'])
    await says('Sources', `${source} ${share(where((pair) => pair.source === source).length, 30)}`);
  const withAspect = where(({ aspect }) => aspect !== null).length;
  for (const aspect of [1, 2, 3, 4])
    await says(
      'Aspects',
      `aspect ${aspect} ${share(where((pair) => pair.aspect === `aspect ${aspect}`).length, withAspect)}`,
    );
  for (const [language, name] of [
    ['de', 'German'],
    ['zh', 'Chinese'],
    ['ja', 'Japanese'],
    ['en', 'English'],
  ] as const)
    await says(
      'Languages of the prompts',
      `${name} ${share(where((pair) => pair.language === language).length, 30)}`,
    );
  const lefts = sidesOf();
  await says('Side and choice', `The left reply is preferred ${wilson(lefts.left, lefts.of)}`);
  expect(facet.pageErrors).toEqual([]);
});

/** Preferences of people in the file, and those for the side that stood on the left. */
function sidesOf(): { left: number; of: number } {
  const database = new Sqlite(project, { readonly: true });
  const rows = database
    .prepare<[], { decision: string; left: string }>(
      "SELECT decision, left_key AS left FROM annotations WHERE decision IN ('a', 'b') AND left_key IS NOT NULL",
    )
    .all();
  database.close();
  return { left: rows.filter(({ decision, left }) => decision === left).length, of: rows.length };
}
