/** Work in the Library in the real window, each figure against what the pairs were made of: filters, orders, many at once and their undo, views, near-duplicates. */
import Sqlite from 'better-sqlite3';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DrivenWindow, launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import { libraryProject, MADE, type MadePair, SAID } from '../helpers/libraryProject.ts';
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
  page.setDefaultTimeout(15_000);
  await page.getByRole('banner').waitFor();
  await page.keyboard.press('Alt+2');
  await walk.sayName(page, 'Ada');
  await page.getByRole('button', { name: 'Ada' }).waitFor();
  await page.keyboard.press('Alt+1');
  await chooseColumns([
    'No.',
    'Decided',
    'Prompt length',
    'Length of A',
    'Length of B',
    'Language',
    'Tags',
    'difficulty',
  ]);
}, 120_000);
/** Each begins with every pair in sight. */
beforeEach(async () => {
  const { page } = facet;
  await page.evaluate(() => {
    window.location.hash = '#/library';
  });
  await page.getByRole('textbox', { name: 'Search prompts and replies' }).fill('');
  await withoutConditions();
  await grid().focus();
});
afterEach(({ task }) => pictureOfFailure(facet, task));
afterAll(async () => {
  await facet.app.close();
  await folder.remove();
});

const { grid, dialog, opened, closed, shows, chooseColumns } = libraryWalk(() => facet.page);
const line = (id: number) =>
  grid()
    .locator('tr[data-position]')
    .filter({ has: facet.page.locator('td:nth-child(2)').getByText(String(id), { exact: true }) });
const bar = () => facet.page.getByRole('toolbar', { name: 'Chosen pairs' });
const field = (inside: Locator, name: string | RegExp) => inside.getByRole('textbox', { name, exact: true });

async function withoutConditions(): Promise<void> {
  const chips = facet.page.getByRole('button', { name: / ✕$/ });
  while ((await chips.count()) > 0) await chips.first().click();
}
const by = (who: string) => new Set(SAID.filter((one) => one.who === who).map(({ pairId }) => pairId));
const against = (pair: MadePair): boolean =>
  pair.label !== null &&
  said.some(
    ({ pairId, verdict }) => pairId === pair.id && (toFile[verdict as 'first'] ?? verdict) !== pair.label,
  );
const choose = (name: string, option: string | RegExp) => async (filter: Locator) => {
  await filter.getByRole('combobox', { name, exact: true }).click();
  await facet.page.getByRole('option', { name: option, exact: true }).click();
};
const conditions: readonly (readonly [
  name: string,
  set: (filter: Locator) => Promise<void>,
  ids: readonly number[],
])[] = [
  ['a tie', choose('Verdict', 'Tie'), where(({ id, label }) => label === 'tie' && !decided.has(id))],
  ['both bad', choose('Verdict', 'Both bad'), [5]],
  [
    'no label',
    choose('Verdict', 'No label'),
    where(({ id, label }) => label === null && !decided.has(id) && id !== 4),
  ],
  ['an annotator', choose('Decided by', 'Bo'), [...by('Bo')]],
  ['people who disagree', choose('Disagreement', 'People disagree'), [3]],
  ['against the file', choose('Disagreement', 'Against the file'), where(against)],
  ['flagged', choose('Flag', 'Flagged'), [9]],
  ['a language', choose('Language of the prompt', /^Japanese/), where(({ language }) => language === 'ja')],
  [
    'a code',
    async (filter) => {
      await filter.getByRole('combobox', { name: 'Codes' }).fill('2');
      await facet.page.keyboard.press('Enter');
    },
    where(({ code }) => code === 2),
  ],
  [
    'a margin',
    async (filter) => {
      await field(filter, 'Margin from').fill('-1');
      await field(filter, 'Margin to').fill('3');
    },
    where(({ margin }) => margin !== null && margin >= -1 && margin <= 3),
  ],
  [
    'a length',
    async (filter) => {
      await filter.getByRole('combobox', { name: 'Characters', exact: true }).selectOption('Longer reply');
      await field(filter, 'Characters from').fill('60');
      await field(filter, 'Characters to').fill('90');
      await filter.getByRole('button', { name: 'Add', exact: true }).first().click();
    },
    where(({ a, b }) => {
      const longer = Math.max(characters(a), characters(b));
      return longer >= 60 && longer <= 90;
    }),
  ],
  ...(
    [
      ['difficulty', 'at least', '5', ({ difficulty }) => difficulty >= 5],
      ['team', 'holds', 'EEP b', ({ team }) => team.includes('eep b')],
      ['checked', 'is', 'true', ({ checked }) => checked],
    ] satisfies [string, string, string, (pair: MadePair) => boolean][]
  ).map(
    ([name, how, value, test]) =>
      [
        `the field ${name}`,
        async (filter: Locator) => {
          await filter.getByRole('combobox', { name: 'Field', exact: true }).selectOption(name);
          await filter.getByRole('combobox', { name: 'How the field is compared' }).selectOption(how);
          await field(filter, 'Value of the field').fill(value);
          await facet.page.keyboard.press('Enter');
        },
        where(test),
      ] as const,
  ),
];

test('each filter finds the pairs that were made for it', async () => {
  const { page } = facet;
  for (const [name, set, ids] of conditions) {
    expect(ids.length, name).toBeGreaterThan(0);
    const filter = await opened('f', 'Filter');
    await set(filter);
    await closed('Filter');
    await shows(ids, name);
    await withoutConditions();
  }
  for (const source of ['garden', 'workshop']) {
    const ids = where((pair) => pair.source === source);
    await page.getByRole('combobox', { name: 'Source' }).selectOption({ label: `${source} · ${ids.length}` });
    await shows(ids, source);
  }
  await page.getByRole('combobox', { name: 'Source' }).selectOption({ label: 'All sources' });
  const own = by('Ada');
  for (const [status, ids] of [
    ['Labelled', [...own].filter((id) => id !== 4)],
    ['Skipped', [4]],
    ['Unlabelled', where(({ id }) => !own.has(id))],
    ['All', ALL],
  ] as const) {
    await page.getByRole('button', { name: `${status} ${ids.length}`, exact: true }).click();
    await shows(ids, status);
  }
});

type Value = string | number | null;
const collator = new Intl.Collator('en', { numeric: true });
const compared = (one: string | number, other: string | number): number =>
  typeof one === 'number' && typeof other === 'number'
    ? one - other
    : collator.compare(String(one), String(other));
/** As a reader would put them; pairs of which it is not known come last, and equal ones keep their order. */
function inOrder(value: (pair: MadePair) => Value, descending: boolean): number[] {
  const known = MADE.filter((pair) => value(pair) !== null);
  const sorted = known.toSorted((one, other) => {
    const order = compared(value(one) ?? 0, value(other) ?? 0);
    return (descending ? -order : order) || one.id - other.id;
  });
  return [...sorted, ...MADE.filter((pair) => value(pair) === null)].map(({ id }) => id);
}

test('is in the order of every column of figures and names, one way and the other', async () => {
  const names = { en: 'English', de: 'German', zh: 'Chinese', ja: 'Japanese' };
  const columns: readonly (readonly [string, (pair: MadePair) => Value])[] = [
    ['No.', ({ id }) => id],
    ['Source', ({ source }) => source],
    ['Code', ({ code }) => code],
    ['Margin', ({ margin }) => margin],
    ['Prompt length', ({ prompt }) => characters(prompt)],
    ['Language', ({ language }) => names[language]],
    ['difficulty', ({ difficulty }) => difficulty],
  ];
  for (const [name, value] of columns) {
    const header = grid().getByRole('columnheader', { name, exact: true });
    for (let click = 0; click < 2; click += 1) {
      const before = await header.getAttribute('aria-sort');
      await header.getByRole('button').click();
      await expect
        .poll(() => header.getAttribute('aria-sort'), { message: `${name} ${click} ${before}` })
        .not.toBe(before);
      await shows(inOrder(value, (await header.getAttribute('aria-sort')) === 'descending'), name);
    }
    await header.getByRole('button').click();
    await shows(ALL, `${name}, no more`);
  }
});

/** All that is stored but for the log of changes itself, as text: what undo must bring back. */
function stored(): string {
  const database = new Sqlite(project, { readonly: true });
  try {
    const tables = database
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all()
      .filter(
        (name) => !/^(mark_changes|marks|marked_pairs|sqlite_.*|visible|duplicate.*|left_out)$/.test(name),
      );
    const rows = tables.map((name) => [name, database.prepare(`SELECT * FROM "${name}"`).raw().all()]);
    const marked = database.prepare('SELECT * FROM marked_pairs WHERE bits <> 0').raw().all();
    return JSON.stringify([rows, marked]);
  } finally {
    database.close();
  }
}
const drawer = (id: number) => facet.page.getByRole('complementary', { name: `Pair ${id}` });
async function looked(id: number): Promise<string> {
  await line(id).click();
  await drawer(id).getByRole('region', { name: 'Row' }).waitFor();
  const text = await textOf(drawer(id));
  await facet.page.keyboard.press('Escape');
  await drawer(id).waitFor({ state: 'detached' });
  return text;
}

describe('many pairs at once', () => {
  const actions = [
    ['tagged', 'g', 'pairs tagged “look again”', ALL],
    ['sent to the queue', 'q', 'pairs sent to the queue', ALL],
    ['excluded', 'x', 'pairs excluded', where(({ id }) => ![2, 4, 5, 6, 7].includes(id))],
    ['deleted', 'Delete', 'pairs deleted', where(({ id }) => ![2, 4, 5, 6, 7].includes(id))],
  ] as const;
  test.each(actions)(
    'are %s and brought back, with every label and its history',
    async (_, key, words, left) => {
      const { page } = facet;
      const [before, pair] = [stored(), await looked(5)];
      await line(2).click({ modifiers: ['Control'] });
      await line(4).click({ modifiers: ['Control'] });
      await line(7).click({ modifiers: ['Shift'] });
      await bar().getByText('5 chosen').waitFor();
      await page.keyboard.press(key);
      if (key === 'g') {
        await dialog('Tag the chosen pairs').getByRole('combobox', { name: 'Tag' }).fill('look again');
        await page.keyboard.press('Enter');
      }
      await bar().getByText(`5 ${words}`).waitFor();
      await shows(left, words);
      expect(stored()).not.toBe(before);
      await page.keyboard.press('Escape');
      await page.keyboard.press('z');
      await bar().getByText(`Taken back: 5 ${words}`).waitFor();
      await shows(ALL, 'all again');
      expect(stored()).toBe(before);
      expect(await looked(5)).toBe(pair);
      await bar().getByRole('button', { name: 'Close' }).click();
    },
  );

  test('what a search finds is chosen whole by Ctrl+A, sent to the queue, and comes first there', async () => {
    const { page } = facet;
    const search = page.getByRole('textbox', { name: 'Search prompts and replies' });
    await search.fill('cactus');
    const found = where(({ a }) => a.includes('cactus'));
    await shows(found, 'cactus');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+a');
    await bar().getByText(`${found.length} chosen`).waitFor();
    await page.keyboard.press('q');
    await bar().getByText(`${found.length} pairs sent to the queue`).waitFor();
    await search.fill('');
    await shows(ALL, 'everything');
    await page.keyboard.press('Alt+2');
    await page.getByRole('main').getByText('cactus').first().waitFor();
    await page.keyboard.press('Alt+1');
    await grid().focus();
    await page.keyboard.press('z');
    await bar().getByText(`Taken back: ${found.length} pairs`).waitFor();
    await page.keyboard.press('Alt+2');
    await page.getByRole('main').getByText('orchid').first().waitFor();
    await page.keyboard.press('Alt+1');
    await grid().waitFor();
  });

  test('the last row is in reach while the bar is shown', async () => {
    const { page } = facet;
    await grid().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await bar().getByText('1 chosen').waitFor();
    const last = line(ALL.length);
    await expect
      .poll(async () => {
        const [row, over] = [await last.boundingBox(), await bar().boundingBox()];
        return row !== null && over !== null && row.y + row.height <= over.y + 1;
      })
      .toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
  });
});

test('a view keeps filter, order and columns, and is there after a start', async () => {
  const { page, userDataDir } = facet;
  const filter = await opened('f', 'Filter');
  await choose('Language of the prompt', /^Chinese/)(filter);
  await closed('Filter');
  const header = () => grid().getByRole('columnheader', { name: 'Margin', exact: true }).getByRole('button');
  await header().click();
  const ids = inOrder(({ margin }) => margin, true).filter((id) => MADE[id - 1]?.language === 'zh');
  await shows(ids, 'Chinese by margin');
  const views = await opened('v', 'Views');
  await field(views, 'Name of this view').fill('Chinese');
  await page.keyboard.press('Enter');
  await views.getByRole('button', { name: 'Chinese', exact: true }).waitFor();
  await closed('Views');
  await facet.app.close();
  facet = await launchFacet(userDataDir, { project });
  await facet.page.getByRole('banner').waitFor();
  await facet.page.keyboard.press('Alt+1');
  await shows(ALL, 'after a start');
  await (await opened('v', 'Views')).getByRole('button', { name: 'Chinese', exact: true }).click();
  await shows(ids, 'the view');
  expect(await grid().getByRole('columnheader', { name: 'difficulty' }).count()).toBe(1);
  await withoutConditions();
  for (let click = 0; click < 2; click += 1) await header().click();
  await shows(ALL, 'all again');
});

test('a pair shows every label with its author, and the fields of its row', async () => {
  const { page } = facet;
  const text = await looked(3);
  const labels = /LABELS\n([\s\S]*?)\nROW/.exec(text)?.[1] ?? '';
  expect(labels.match(/(the file|Ada|Bo) ·/g)).toEqual(['the file ·', 'Ada ·', 'Bo ·']);
  const { difficulty, team, checked } = MADE[2] as MadePair;
  for (const [name, value] of Object.entries({ difficulty, team, checked }))
    expect(text).toContain(`${name}\n${value}`);
  // What is preferred is said by the names that the labels use.
  const chosen = /CHOSEN\s+REPLY ([AB])/.exec(text)?.[1];
  const own = SAID.find(({ who, pairId }) => who === 'Ada' && pairId === 3);
  expect(own?.verdict).toBe('first');
  expect(text.split(/REJECTED/)[0]).toContain((MADE[2] as MadePair).a);
  expect(labels.split('\n')[2]).toBe(`reply ${chosen}`);
  expect(facet.pageErrors).toEqual([]);
  await page.keyboard.press('Escape');
});

test('near-duplicates are found, one is kept of each group, the desk leaves the other out, and undo brings it back', async () => {
  const { page } = facet;
  const before = stored();
  const view = (name: string) =>
    page.getByRole('navigation', { name: 'Views of the Library' }).getByText(name).click();
  await page.keyboard.press('Alt+2');
  await page.getByRole('heading', { name: 'Pair 9 of 30' }).waitFor();
  await page.keyboard.press('Alt+1');
  await view('Duplicates');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  const kinds = page.getByRole('toolbar', { name: 'What is alike' });
  // The first and the last but one are alike as pairs; two prompts are, twice; so are the two replies of the first.
  for (const counted of ['Pairs 2 in 1 group', 'Prompts 4 in 2 groups'])
    await kinds.getByRole('button', { name: counted }).waitFor();
  await page.getByRole('button', { name: 'Keep one of each group' }).click();
  await page.getByRole('status').getByText('Excluded 1 pair').waitFor();
  await page.keyboard.press('Alt+2');
  await page.getByRole('heading', { name: 'Pair 9 of 29' }).waitFor();
  await page.keyboard.press('Alt+1');
  await view('Pairs');
  await shows(
    ALL.filter((id) => id !== 29),
    'one is kept',
  );
  const filter = await opened('f', 'Filter');
  await choose('Show', 'Excluded')(filter);
  await closed('Filter');
  await shows([29], 'what was excluded');
  await withoutConditions();
  await page.keyboard.press('z');
  await shows(ALL, 'all again');
  expect(stored()).toBe(before);
  for (const [name, ids] of [
    ['Near-duplicate pairs', [1, 29]],
    ['Near-duplicate prompts', [1, 5, 29, 30]],
    ['Near-duplicate prompts but the first of each group', [29, 30]],
  ] as const) {
    const again = await opened('f', 'Filter');
    await choose('Near-duplicates', name)(again);
    await closed('Filter');
    await shows(ids, name);
    await withoutConditions();
  }
});
