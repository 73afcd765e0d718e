import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { array, assert, constant, constantFrom, option, property, record, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '#core/preference.ts';
import { isPlainReply, messagesOfReply, textOfTurns } from '#core/replyTurns.ts';
import type { ExportedPair } from '../data/exportRows.ts';
import { readRow } from '../import/readRow.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { csvLines, withoutApostrophe } from './csv.ts';
import { argilla, PREFERENCE_SHAPES } from './shapes.ts';
import { exported, threePeople, WHOLE } from './testThreePeople.ts';

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
describe("Facet's own shape", () => {
  it.each(['jsonl', 'csv', 'parquet'] as const)('as %s, imports again to an equal project', async (file) => {
    const { path, folder } = await threePeople();
    const out = join(folder, `whole.${file}`);
    const { files } = await exported(path, { ...WHOLE, file, out });
    // Ten pairs and one single.
    expect(files[0]?.rows).toBe(11);
    const again = await openFacet();
    const preview = await again.facet.services.library.preview(out);
    const { counts } = await importAll(again.facet, out);
    expect(counts).toEqual(preview.counts);
    expect(counts).toMatchObject({ rows: 11, added: 10, singles: 1, refused: 0, conflicts: 0 });
    const [first, second] = [join(folder, 'first.jsonl'), join(folder, 'second.jsonl')];
    await exported(path, { ...WHOLE, out: first });
    await exported(again.path, { ...WHOLE, out: second });
    // Files by their names: where they lay on a machine stays there.
    for (const name of [out, first, second]) expect(readFileSync(name).includes(folder)).toBe(false);
    // A cell that a spreadsheet would compute has its apostrophe, and loses it on the way back.
    if (file === 'csv') expect(readFileSync(out, 'utf8')).toContain("'=1+1");
    expect(readFileSync(second, 'utf8')).toBe(readFileSync(first, 'utf8'));
    const more = await importAll(again.facet, out);
    expect(more.counts).toMatchObject({ added: 0, joined: 0, singles: 0, alreadyThere: 11, conflicts: 0 });
  });

  it.each(['jsonl', 'csv', 'parquet'] as const)('as %s, keeps tags and what was excluded', async (file) => {
    const { facet, path, folder } = await threePeople();
    const { library } = facet.services;
    await library.change({ selection: { ids: [1, 4] }, action: 'tag', tag: '=hard, "very"' });
    await library.change({ selection: { ids: [1] }, action: 'tag', tag: 'tea' });
    await library.change({ selection: { ids: [4, 9] }, action: 'exclude' });
    await library.change({ selection: { ids: [5] }, action: 'queue' });
    await library.change({ selection: { ids: [6] }, action: 'delete' });
    const out = join(folder, `whole.${file}`);
    const { files } = await exported(path, { ...WHOLE, file, out });
    // What was deleted stays where it is.
    expect(files[0]?.rows).toBe(10);
    const again = await openFacet();
    await importAll(again.facet, out);
    const [first, second] = [join(folder, 'first.jsonl'), join(folder, 'second.jsonl')];
    await exported(path, { ...WHOLE, out: first });
    await exported(again.path, { ...WHOLE, out: second });
    const read = (name: string) =>
      readFileSync(name, 'utf8')
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text) as Record<string, unknown>)
        .map(({ a, tags, excluded, first: isFirst }) => ({ a, tags, excluded, isFirst }));
    expect(read(second)).toEqual(read(first));
    expect(read(first).filter(({ excluded }) => excluded)).toHaveLength(2);
    const everything = { text: '', sourceId: null, status: 'all' } as const;
    expect(await again.facet.services.library.count(everything)).toBe(7);
    expect((await again.facet.services.library.tags()).map(({ name }) => name)).toEqual([
      '=hard, "very"',
      'tea',
    ]);
  });

  it('gives the same bytes each time', async () => {
    const { path, folder } = await threePeople();
    const bytes = [];
    for (const name of ['one', 'two']) {
      const out = join(folder, `${name}.parquet`);
      await exported(path, { ...WHOLE, file: 'parquet', out });
      bytes.push(readFileSync(out));
    }
    expect(bytes[0]).toEqual(bytes[1]);
  });
});

describe('labels of several people', () => {
  it.each([
    ['majority', 1],
    ['weighted', 1],
    ['adjudicated', 1],
    ['all', 3],
  ] as const)('%s', async (labels, rows) => {
    const { path, folder } = await threePeople();
    const out = join(folder, 'out.jsonl');
    await exported(path, { ...WHOLE, shape: 'trl', labels, adjudicator: 'Cy', out });
    const first = readFileSync(out, 'utf8')
      .split('\n')
      .filter((text) => text.includes('"Q1"'));
    expect(first).toHaveLength(rows);
  });

  it('splits by prompt, the same for the same seed, and lists what a shape cannot hold', async () => {
    const { path, folder } = await threePeople();
    const out = join(folder, 'split.jsonl');
    const request = { ...WHOLE, shape: 'llama-factory', out, testShare: 0.3, seed: 5 } as const;
    const { files, leftOut, card } = await exported(path, request);
    expect(files).toHaveLength(2);
    const [train, test] = files.map((file) => readFileSync(file.path, 'utf8'));
    expect(test).not.toBe('');
    for (const text of (test ?? '').trim().split('\n')) expect(train).not.toContain(text);
    expect(leftOut['neither reply is preferred']).toBe(1);
    expect(
      Object.keys(JSON.parse(readFileSync(join(folder, 'dataset_info.json'), 'utf8')) as object),
    ).toEqual(['split.train', 'split.test']);
    expect(readFileSync(card, 'utf8')).toContain('Agreement');
  });
});

const content = string({ unit: 'grapheme', minLength: 1 }).filter(
  (text) => text.trim() !== '' && text.isWellFormed(),
);
const message = record({ role: constantFrom('user', 'assistant', 'tool'), content });
const said = record({
  role: constant('assistant' as const),
  content: option(content, { nil: '' }),
  tool_calls: option(
    constant([{ type: 'function', function: { name: 'w', arguments: '{"city":"Oslo"}' } }]),
    {
      nil: undefined,
    },
  ),
  reasoning_content: option(content, { nil: undefined }),
  name: option(constantFrom('Bo', 'Cy'), { nil: undefined }),
})
  .map((message): Message => {
    const parts = Object.entries(message).filter(([, value]) => value !== undefined);
    return Object.fromEntries(parts) as unknown as Message;
  })
  // Only calls stand without a text.
  .filter((message) => message.content !== '' || message.tool_calls !== undefined);
/** Null: a plain text. */
const replyTurns = option(
  tuple(
    said,
    option(
      tuple(
        message.filter(({ role }) => role !== 'assistant'),
        said,
      ),
      { nil: null },
    ),
  )
    .map(([first, more]): readonly Message[] => [first, ...((more ?? []) as Message[])])
    .filter((turns) => !isPlainReply(turns)),
  { nil: null, freq: 2 },
);
const pairs = record({
  system: constantFrom(null, 'Be brief.'),
  turns: array(message, { maxLength: 4 }),
  question: content,
  a: content,
  b: content,
  aTurns: replyTurns,
  bTurns: replyTurns,
  verdict: constantFrom('a', 'b'),
})
  .map(({ a, b, aTurns, bTurns, ...rest }) => ({
    ...rest,
    aTurns,
    bTurns,
    a: aTurns ? textOfTurns(aTurns) : a,
    b: bTurns ? textOfTurns(bTurns) : b,
  }))
  // What both begin with would be read as the prompt's.
  .filter(({ a, b, aTurns, bTurns }) => {
    const [x, y] = [messagesOfReply(a, aTurns)[0], messagesOfReply(b, bTurns)[0]];
    return JSON.stringify(x) !== JSON.stringify(y);
  });

/** Steps of tools in a prompt, as far as a shape without ids of calls can hold them. */
const step = { type: 'function', function: { name: 'w', arguments: { city: 'Oslo' } } };
const calls = constantFrom<readonly Message[]>(
  [],
  [
    { role: 'assistant', content: '', tool_calls: [step] },
    { role: 'tool', content: '7 C' },
  ],
);

/** Arguments of calls are text in one shape and objects in another: as objects. */
const withCalls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, held: unknown) =>
    key === 'arguments' && typeof held === 'string' ? JSON.parse(held) : held,
  );

describe('arguments of calls', () => {
  it.each([
    ['trl', { city: 'Oslo' }],
    ['openai', '{"city": "Oslo"}'],
  ] as const)('are written for %s as its readers take them', (shape, expected) => {
    const called = [{ type: 'function', function: { name: 'w', arguments: '{"city": "Oslo"}' } }];
    const aTurns = [{ role: 'assistant', content: '', tool_calls: called }];
    const messages = [{ role: 'user', content: 'Q' }];
    const pair = {
      messages,
      a: 'read out',
      aTurns,
      b: 'B',
      source: { name: 's' },
      itemId: null,
      aspect: null,
    };
    const shaped = PREFERENCE_SHAPES[shape](pair as unknown as ExportedPair, {
      verdict: 'a',
      annotator: null,
    });
    if ('lost' in shaped) throw new Error(shaped.lost);
    const found: unknown[] = [];
    JSON.stringify(shaped.row, (key, held: unknown) => {
      if (key === 'arguments') found.push(held);
      return held;
    });
    expect(found).toEqual([expected]);
  });
});

describe('what Axolotl would drop, or fail on', () => {
  const plain = { role: 'user', content: 'Q' };
  const called = [{ role: 'assistant', content: '', tool_calls: [step] }];
  it.each([
    ['tool_calls', { messages: [plain], aTurns: called }],
    ['tools', { messages: [{ ...plain, tools: [{ type: 'function', function: { name: 'w' } }] }] }],
    ['name', { messages: [{ ...plain, name: 'Ada' }] }],
    ['developer', { messages: [{ role: 'developer', content: 'D' }, plain] }],
  ])('is left out by name: %s', (name, parts) => {
    const pair = { a: 'A', b: 'B', source: { name: 's' }, itemId: null, aspect: null, ...parts };
    const label = { verdict: 'a', annotator: null } as const;
    const shaped = PREFERENCE_SHAPES.axolotl(pair as unknown as ExportedPair, label);
    expect(shaped).toEqual({ lost: expect.stringContaining(`Axolotl has no ${name}`) });
  });
});

describe('any pair that a shape can hold', () => {
  it.each(Object.keys(PREFERENCE_SHAPES) as (keyof typeof PREFERENCE_SHAPES)[])('%s keeps', (shape) => {
    assert(
      property(pairs, calls, ({ system, turns, question, a, b, aTurns, bTurns, verdict }, called) => {
        const [first, ...others]: Message[] = [
          ...(system === null ? [] : [{ role: 'system', content: system } as const]),
          ...(turns as Message[]),
          { role: 'user', content: question },
          ...called,
        ];
        const tools = called.length > 0 && { tools: [{ type: 'function', function: { name: 'w' } }] };
        const messages: Message[] = [{ ...(first as Message), ...tools }, ...others];
        const pair = {
          messages,
          a,
          b,
          aTurns,
          bTurns,
          source: { name: 's' },
          itemId: 'i',
          aspect: null,
        } as unknown as ExportedPair;
        const shaped = PREFERENCE_SHAPES[shape](pair, { verdict: verdict as 'a' | 'b', annotator: null });
        if ('lost' in shaped) return;
        const outcome = readRow(JSON.parse(line(shaped.row)));
        if (!outcome.ok) throw new Error(`${outcome.problem.field} ${outcome.problem.reason}`);
        expect(outcome.items).toHaveLength(1);
        expect(withCalls(outcome.items[0])).toMatchObject({
          messages,
          replies: verdict === 'a' ? [a, b] : [b, a],
          ...((aTurns ?? bTurns) && {
            turns: withCalls(verdict === 'a' ? [aTurns, bTurns] : [bTurns, aTurns]),
          }),
          verdicts: [{ verdict: 'first' }],
        });
      }),
    );
  });

  it('argilla keeps, with each verdict', () => {
    assert(
      property(pairs, calls, constantFrom('a', 'b', 'tie', 'both_bad'), (held, called, decision) => {
        const { question, a, b, aTurns, bTurns } = held;
        const messages: Message[] = [{ role: 'user', content: question }, ...called];
        const standing = [{ annotator: 'Ada', kind: 'person', decision, left: null }];
        const names = { source: { name: 's' }, itemId: 'i', aspect: 'tone' };
        const pair = { id: 1, messages, a, b, aTurns, bTurns, standing, ...names };
        const outcome = readRow(JSON.parse(line(argilla(pair as unknown as ExportedPair))));
        const verdict = ({ a: 'first', b: 'second' } as Record<string, string>)[decision] ?? decision;
        const turns = (aTurns ?? bTurns) && { turns: [aTurns, bTurns] };
        expect(outcome).toMatchObject({
          ok: true,
          items: [
            {
              ...{ messages, replies: [a, b], ...turns, source: 's', aspect: 'tone', itemId: 'i' },
              verdicts: [{ annotator: 'Ada', verdict }],
            },
          ],
        });
      }),
    );
  });

  it('CSV makes formulas safe and keeps everything else', () => {
    assert(
      property(array(record({ x: content, y: content }), { minLength: 1, maxLength: 5 }), (rows) => {
        const text = [...csvLines(['x', 'y'], rows)].join('');
        const [, ...cells] = parse(text) as string[][];
        for (const cell of cells.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
        expect(cells.map((row) => row.map(withoutApostrophe))).toEqual(rows.map(({ x, y }) => [x, y]));
      }),
    );
  });
});
