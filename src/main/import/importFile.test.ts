import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { absent, needing } from '#disk/testNeeds.ts';
import { importAll, openFacet } from '../testFacet.ts';

const shared = resolve(import.meta.dirname, '../../../../shared/data');
const row = (number: number) => ({
  prompt: `Question ${number}`,
  chosen: `yes ${number}`,
  rejected: `no ${number}`,
});
const lines = (rows: readonly unknown[]) => rows.map((value) => `${JSON.stringify(value)}\n`).join('');
const everything = { text: '', sourceId: null, status: 'all' } as const;

it('counts each of the rows that stand on one line', async () => {
  const { facet, folder } = await openFacet();
  const file = join(folder, 'one-line.json');
  writeFileSync(file, `${JSON.stringify(row(1))}${JSON.stringify(row(2))} ${JSON.stringify(row(1))}`);
  const { counts } = await facet.services.library.preview(file);
  expect(counts).toMatchObject({ rows: 3, added: 2, addedRows: 2, alreadyThere: 1 });
  expect((await importAll(facet, file)).counts).toEqual(counts);
});

describe('real files', needing(absent(shared)), () => {
  // Counts as in ../shared/data/README.md.
  it.each([
    ['pandalm_human', 2501],
    ['finegrained_rlhf_qa', 2616],
    ['hh_rlhf_harmless_test', 2303],
    ['hhh_alignment', 221],
    ['llmbar', 883],
    ['raschka_polite', 1094],
    ['oasst_en100', 429],
    ['llamafactory_dpo_en', 300],
  ])('%s gives its %i pairs, and none a second time', async (name, count) => {
    const { facet } = await openFacet();
    const file = join(shared, 'normalized', `${name}.jsonl.gz`);
    const preview = await facet.services.library.preview(file);
    expect(preview).toMatchObject({ format: 'pairs', rows: count, readable: count, problemCount: 0 });
    expect(preview.sample[0]?.source).toBe(name);
    expect(await importAll(facet, file)).toMatchObject({ imported: count, duplicates: 0, problemCount: 0 });
    expect(await facet.services.library.count(everything)).toBe(count);
    expect(await facet.services.library.preview(file)).toMatchObject({ duplicates: count });
    expect(await importAll(facet, file)).toMatchObject({ imported: 0, duplicates: count });
    expect(await facet.services.library.sources()).toMatchObject([{ name, pairs: count }]);
  });

  it('HH-RLHF as published: 2,303 dialogues, and the 9 that part early or say nothing are listed', async () => {
    const { facet } = await openFacet();
    const file = join(shared, 'raw/anthropics_hh-rlhf/harmless-base_test.jsonl.gz');
    const preview = await facet.services.library.preview(file);
    expect(preview).toMatchObject({ format: 'hh-dialogue', rows: 2312, readable: 2303, problemCount: 9 });
    expect(preview.problems[0]).toEqual({ row: 87, field: 'chosen', reason: 'is empty' });
    expect(preview.problems.filter(({ reason }) => reason.includes('before the last reply'))).toHaveLength(5);
    expect(await importAll(facet, file)).toMatchObject({ imported: 2303, problemCount: 9 });
    expect(await facet.services.library.rows({ ...everything, text: 'pranks with a pen' }, 0, 5)).not.toEqual(
      [],
    );
  });

  it('ShareGPT as published: 300 conversations, 5 of them twice in the file', async () => {
    const { facet } = await openFacet();
    const file = join(shared, 'raw/hiyouga_LLaMA-Factory/dpo_en_demo.json.gz');
    const preview = await facet.services.library.preview(file);
    expect(preview).toMatchObject({
      format: 'sharegpt',
      rows: 300,
      readable: 300,
      duplicates: 5,
      problemCount: 0,
    });
    expect(await importAll(facet, file)).toMatchObject({ imported: 295, duplicates: 5 });
  });

  it('PandaLM as published: three people on one pair, ties among them', async () => {
    const { facet } = await openFacet();
    const file = join(shared, 'raw/WeOpenML_PandaLM/testset-v1.json.gz');
    const preview = await facet.services.library.preview(file);
    // 54 rows have an empty reply, 6 hold a boolean in place of a text.
    expect(preview).toMatchObject({ format: 'two-replies', rows: 999, readable: 939, problemCount: 60 });
    const done = await importAll(facet, file);
    expect(done.counts).toEqual(preview.counts);
    expect(done).toMatchObject({ imported: 939, duplicates: 0 });
    expect(await importAll(facet, file)).toMatchObject({ imported: 0, duplicates: 939, problemCount: 60 });
  });
});

describe('an import', () => {
  it('goes on past rows that cannot be read, and says which', async () => {
    const { facet, folder } = await openFacet();
    const file = join(folder, 'mixed.jsonl');
    writeFileSync(file, `${lines([row(1)])}{broken\n${lines([{ prompt: 'x' }, row(2)])}`);
    const done = await importAll(facet, file);
    expect(done).toMatchObject({ imported: 2, problemCount: 2 });
    expect(done.problems.map((problem) => problem.row)).toEqual([2, 3]);
    expect(done.problems[0]?.reason).toContain('is cut off');
  });

  it('keeps what each of several people said, and how strongly', async () => {
    const { facet, folder } = await openFacet();
    const file = join(folder, 'strong.jsonl');
    writeFileSync(
      file,
      lines([
        { ...row(1), id: 7, annotator: 'Ada', strength: 3 },
        { ...row(1), id: 7, annotator: 'Bo', chosen: row(1).rejected, rejected: row(1).chosen },
        { prompt: 'Q', response1: 'x', response2: 'y', overall_preference: -2 },
      ]),
    );
    expect((await importAll(facet, file)).counts).toMatchObject({ added: 2, joined: 1 });
    await facet.services.project.updateSettings({ blind: false });
    const labelsOf = (pairId: number) => {
      const { left, right, revealed } = facet.services.library.pair(pairId);
      const texts = { [left.key]: left.text, [right.key]: right.text };
      return revealed?.labels.map(({ annotator, verdict, strength }) => [
        annotator,
        texts[verdict],
        strength,
      ]);
    };
    expect(labelsOf(1)).toEqual([
      ['Ada', 'yes 1', 3],
      ['Bo', 'no 1', null],
    ]);
    expect(labelsOf(2)).toEqual([[null, 'x', 2]]);
  });

  it('makes a source of each source that the rows name', async () => {
    const { facet, folder } = await openFacet();
    const file = join(folder, 'set.json.gz');
    writeFileSync(
      file,
      gzipSync(JSON.stringify([{ ...row(1), source: 'x' }, { ...row(2), source: 'y' }, row(3)])),
    );
    await importAll(facet, file);
    expect((await facet.services.library.sources()).map(({ name, pairs }) => [name, pairs])).toEqual([
      ['x', 1],
      ['y', 1],
      ['set', 1],
    ]);
  });

  it('leaves nothing when it is stopped, when its reader leaves, and when the file is cut off', async () => {
    const { facet, folder } = await openFacet();
    const { library } = facet.services;
    // Long enough to be on its way when the stop arrives.
    const file = join(folder, 'long.jsonl');
    writeFileSync(file, lines(Array.from({ length: 60_000 }, (_, index) => row(index))));

    const stop = new AbortController();
    const stopped = (async () => {
      for await (const _ of library.import(file, stop.signal)) stop.abort();
    })();
    await expect(stopped).rejects.toMatchObject({ failure: { code: 'import.stopped' } });
    expect(await library.count(everything)).toBe(0);

    for await (const _ of library.import(file)) break;
    expect(await library.count(everything)).toBe(0);

    const cut = join(folder, 'cut.jsonl.gz');
    const whole = gzipSync(lines(Array.from({ length: 3000 }, (_, index) => row(index))));
    writeFileSync(cut, whole.subarray(0, whole.length - 50));
    await expect(importAll(facet, cut)).rejects.toMatchObject({
      failure: { code: 'import.unreadable-file', where: { file: cut } },
    });
    expect(await library.count(everything)).toBe(0);
    expect(await library.sources()).toEqual([]);
    expect(await importAll(facet, file)).toMatchObject({ imported: 60_000 });
  });

  it('refuses what is no text file, in words', async () => {
    const { facet, folder } = await openFacet();
    const binary = join(folder, 'x.jsonl');
    writeFileSync(binary, Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]));
    await expect(facet.services.library.preview(binary)).rejects.toMatchObject({
      failure: { code: 'import.unreadable-file', message: 'x.jsonl is not UTF-8 text.' },
    });
    await expect(facet.services.library.preview(folder)).rejects.toMatchObject({
      failure: { code: 'import.unreadable-file' },
    });
    await expect(facet.services.library.preview(join(folder, 'none'))).rejects.toMatchObject({
      failure: { code: 'import.unreadable-file' },
    });
  });
});
