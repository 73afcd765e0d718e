/** Replies as they are stored: formulas, tables, differences, long and hostile texts. */
import { describe, expect, test } from 'vitest';
import { closeBrowserAfterAll, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

/** The desk with one pair; the replies' sides are drawn by lot. */
async function openPair(chosen: string, rejected = 'The other reply.') {
  const screen = await openScreen([{ prompt: 'A prompt', chosen, rejected }], '#/annotate');
  const reply = screen.page.getByRole('region', { name: /^(Left|Right) reply$/ });
  await reply.first().waitFor();
  return { ...screen, reply, of: (text: string) => reply.filter({ hasText: text }).first() };
}

describe('formulas', () => {
  test('are set by KaTeX with its own fonts under the policy of the page', async () => {
    const { page, of } = await openPair('So \\(a \\le b\\), but $5 and $6 stay. \\[\n\\frac{1}{3}\n\\]');
    await of('stay').locator('.katex .mfrac').waitFor();
    expect(await of('stay').locator('.katex').count()).toBe(2);
    expect(await of('stay').textContent()).toContain('but $5 and $6 stay.');
    const fonts = await page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family);
    });
    expect(fonts.join()).toContain('KaTeX_Main');
  });

  test('that KaTeX refuses or that hide something are shown as they are stored', async () => {
    const wild = ['\\(\\frac{\\)', '\\(\\href{https://x.y}{z}\\)', '\\(\\def\\a{\\a\\a}\\a\\)'];
    const { page, of } = await openPair(`Here: ${wild.join(' ')} end.`);
    const text = await of('Here').textContent();
    expect(text).toContain('\\(\\frac{\\)');
    expect(text).toContain('\\(\\def\\a{\\a\\a}\\a\\)');
    expect(await page.locator('a[href^="https:"]').count()).toBe(0);
  });

  test('never cost a backslash', async () => {
    const { of } = await openPair('A \\{set\\}, a row \\\\ and an open \\( bracket.');
    expect(await of('row').textContent()).toBe('A \\{set\\}, a row \\\\ and an open \\( bracket.');
  });
});

test('signs are never drawn as one', async () => {
  const { page } = await openPair('`a <= b // c` and a -> b');
  const drawn = await page
    .locator('body *')
    .evaluateAll((all) =>
      all.flatMap((one) => (getComputedStyle(one).fontVariantLigatures === 'none' ? [] : [one.outerHTML])),
    );
  expect(drawn).toEqual([]);
});

test('a wide table scrolls and breaks no word', async () => {
  const word = 'Donaudampfschifffahrtsgesellschaft';
  const row = `| ${Array.from({ length: 8 }, () => word).join(' | ')} |`;
  const { of } = await openPair(`${row}\n${row.replaceAll(word, '---')}\n${row}`);
  const table = of(word).getByRole('region', { name: 'Table' });
  const sizes = await table.evaluate((frame) => ({
    scrolls: frame.scrollWidth > frame.clientWidth,
    heights: [...frame.querySelectorAll('td')].map((cell) => cell.getBoundingClientRect().height),
  }));
  expect(sizes.scrolls).toBe(true);
  expect(Math.max(...sizes.heights)).toBeLessThan(40);
});

test('each block runs in its own direction', async () => {
  const { of } = await openPair('مرحبا بالعالم\n\nHello there');
  const directions = await of('Hello')
    .locator('p')
    .evaluateAll((blocks) => blocks.map((block) => getComputedStyle(block).direction));
  expect(directions).toEqual(['rtl', 'ltr']);
});

describe('the difference', () => {
  test('keeps Markdown or mono, marks white space, and is neither green nor red', async () => {
    const { page, of, reply } = await openPair(
      'Some **bold** words.\n\nThe end',
      'Some **bold** words  here.\n\n\nThe end',
    );
    await page.keyboard.press('d');
    await page.locator('mark').first().waitFor();
    expect(await page.getByRole('button', { name: /^Difference/ }).getAttribute('aria-pressed')).toBe('true');
    expect(await reply.locator('strong').count()).toBe(2);
    expect(await of('here').locator('mark').allTextContents()).toEqual(['  ', 'here', '']);
    const glyphs = () =>
      of('here')
        .locator('mark[data-glyphs]')
        .evaluateAll((marks) => marks.map((mark) => mark.getAttribute('data-glyphs')));
    expect(await glyphs()).toEqual(['··', '↵']);
    const grounds = await page
      .locator('mark')
      .evaluateAll((marks) => [...new Set(marks.map((mark) => getComputedStyle(mark).backgroundColor))]);
    expect(grounds).toHaveLength(1);
    const [red = 0, green = 0, blue = 0] = grounds[0]?.match(/\d+/g)?.map(Number) ?? [];
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(20);
    await page.keyboard.press('m');
    expect(await reply.locator('strong').count()).toBe(0);
    expect(await glyphs()).toEqual(['··', '↵']);
  });

  test('has no limit, and the desk answers while it is found', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `Line ${index} says a few words, no more.`);
    const changed = lines.with(15_000, 'Line 15000 says some words, no more.').join('\n');
    const { page } = await openPair(lines.join('\n'), changed);
    await page.keyboard.press('d');
    await page.keyboard.press('p');
    await page.locator('mark').first().waitFor();
    expect((await page.locator('mark').allTextContents()).sort()).toEqual(['a few', 'some']);
  });
});

test.each([
  ['three thousand quotes', `${'>'.repeat(3_000)} deep`],
  [
    'eight hundred lists',
    Array.from({ length: 800 }, (_, level) => `${'  '.repeat(level)}- deep`).join('\n'),
  ],
  ['five megabytes of words', 'many words and more '.repeat(250_000)],
])('%s are shown as they are stored, and a verdict goes on', async (_, text) => {
  const { page, of } = await openPair(text);
  await of(text.slice(-10).trim()).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  await page.keyboard.press('1');
  await page.getByText('All labelled').waitFor();
});

test('wheel and bar move both replies by the same share of their height, until they are parted', async () => {
  const lines = (count: number) => Array.from({ length: count }, (_, line) => `Line ${line}`).join('\n\n');
  const { page } = await openPair(lines(400), lines(100));
  const shares = () =>
    page
      .getByRole('region', { name: /reply$/ })
      .evaluateAll((panes) => panes.map((pane) => pane.scrollTop / (pane.scrollHeight - pane.clientHeight)));
  await page.getByRole('region', { name: 'Left reply' }).hover();
  await page.mouse.wheel(0, 700);
  await expect.poll(async () => Math.min(...(await shares()))).toBeGreaterThan(0.02);
  const [left = 0, right = 0] = await shares();
  expect(Math.abs(left - right)).toBeLessThan(0.01);
  await page.keyboard.press('l');
  const before = (await shares())[1];
  await page.mouse.wheel(0, 700);
  await expect.poll(async () => (await shares())[0]).toBeGreaterThan(left);
  expect((await shares())[1]).toBe(before);
});

test('characters that turn the direction of text are marked wherever a text is shown, and kept', async () => {
  const hostile = 'Only the \u202enimda\u202c may read **this**.';
  const { page, of } = await openPair(hostile, `${hostile} Or not.`);
  const reply = of('Or not');
  const names = () =>
    reply.locator('[data-turn]').evaluateAll((all) => all.map((one) => one.getAttribute('data-turn')));
  expect(await names()).toEqual(['RLO', 'PDF']);
  expect(await reply.textContent()).toContain('Only the \u202enimda\u202c may read this');
  await page.keyboard.press('m');
  await reply.getByText('**this**').waitFor();
  expect(await names()).toEqual(['RLO', 'PDF']);
  await page.evaluate(() => {
    window.location.hash = '#/library';
  });
  const line = page.getByRole('row').filter({ hasText: 'A prompt' });
  await line.waitFor();
  expect(await line.locator('[data-turn="RLO"]').count()).toBe(2);
});
