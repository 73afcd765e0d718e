import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rootDir } from '../environment.ts';
import { facetOver, importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';

const everything = { text: '', sourceId: null, status: 'all' } as const;

/** Rows `from` to `from + count`, each with its own prompt. */
function writeRows(file: string, count: number, from = 0): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const number = from + index;
    return `{"prompt":"Question ${number}","chosen":"yes ${number}","rejected":"no ${number}","source":"s${number % 3}"}\n`;
  });
  writeFileSync(file, rows.join(''));
  return file;
}

/** What is stored, seen or not, in every table that an import writes to. */
function storedRows(path: string) {
  const database = new Sqlite(path, { readonly: true });
  try {
    const tables = [
      'stored_pairs',
      'stored_prompts',
      'stored_sources',
      'responses',
      'annotations',
      'standing',
    ];
    return Object.fromEntries(
      tables.map((table) => [table, database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()]),
    );
  } finally {
    database.close();
  }
}

async function withFew() {
  const opened = await openFacet();
  await importAll(opened.facet, writeRows(join(opened.folder, 'few.jsonl'), 400));
  return opened;
}
const verdict = (pairId: number) => ({ pairId, verdict: 'a', leftKey: 'a', durationMs: 1 }) as const;

describe('while an import is on', () => {
  it('verdicts are saved and taken back, and nothing of it is seen before all of it', async () => {
    const { facet, folder } = await withFew();
    const { library, playground, project } = facet.services;
    const ada = await labelAs(facet);
    const total = 400;
    let ended = false;
    const importing = importAll(facet, writeRows(join(folder, 'many.jsonl'), 12_000, 1000)).finally(() => {
      ended = true;
    });
    const messages = [{ role: 'user' as const, content: 'By hand?' }];
    const keeping = playground.keepPair({ messages, a: 'yes', b: 'no', origin: 'a test' });
    let saved = 0;
    for (let pairId = 1; pairId <= 300 && !ended; pairId++) {
      const queue = await ada.decide(verdict(pairId));
      if (ended) break;
      saved = pairId;
      expect(queue).toMatchObject({ decided: pairId });
      if (pairId % 10 === 0) {
        expect(await ada.undo()).toMatchObject({ decided: pairId - 1 });
        await ada.decide(verdict(pairId));
        const found = await library.rows({ ...everything, text: 'Question' }, 0, 500);
        const sources = await library.sources();
        const counts = project.current()?.counts;
        const seen = await library.count(everything);
        // All of it may have come into sight meanwhile, but no part.
        if (seen !== total) {
          expect([total + 12_000, total + 12_001]).toContain(seen);
          break;
        }
        expect(found).toHaveLength(total);
        expect(sources.map(({ pairs }) => pairs)).toEqual([134, 133, 133]);
        expect(counts).toMatchObject({ pairs: total, prompts: total });
      }
    }
    expect(saved).toBeGreaterThan(20);
    expect(await importing).toMatchObject({ imported: 12_000, duplicates: 0 });
    expect((await keeping).pairId).toBeGreaterThan(12_000);
    expect(await library.count(everything)).toBe(total + 12_000 + 1);
    expect(
      (await library.statusCounts({ text: '', sourceId: null }, ada.who)).labelled,
    ).toBeGreaterThanOrEqual(saved);
  });

  it('search finds parts of words and phrases before and after its index is there', async () => {
    const { facet, folder } = await withFew();
    const { library } = facet.services;
    const found = async (text: string) =>
      (await library.rows({ ...everything, text }, 0, 500)).map(({ id }) => id);
    const file = join(folder, 'many.jsonl');
    const lines = Array.from({ length: 4000 }, (_, index) => {
      const topic = index === 7 ? '我的时钟慢了' : index === 3999 ? 'templates in C++' : `topic${index}`;
      return `{"prompt":"About ${topic}","chosen":"yes ${index}","rejected":"no ${index}"}\n`;
    });
    writeFileSync(file, lines.join(''));
    await importAll(facet, file);
    const queries = [
      '时钟',
      'c++',
      'opic39',
      '"about topic12"',
      'about -topic -c++ -question',
      'Question 39',
    ];
    const before = [];
    for (const query of queries) before.push(await found(query));
    expect(before.slice(0, 2)).toEqual([[408], [4400]]);
    expect(before[2]).toHaveLength(110);
    expect(before[3]).toHaveLength(111);
    expect(before[4]).toEqual([408]);
    // Closing waits for nothing of the index; opening makes what is missing.
    const { project } = facet.services;
    const { path } = project.current() as { path: string };
    const segments = () => {
      const database = new Sqlite(path, { readonly: true });
      try {
        return database.prepare('SELECT max(last_pair) FROM search_segments').pluck().get();
      } finally {
        database.close();
      }
    };
    while (segments() !== 4400) await new Promise((resolve) => setTimeout(resolve, 50));
    const after = [];
    for (const query of queries) after.push(await found(query));
    expect(after).toEqual(before);
  });

  it('closing the project ends it at once, and opening it again removes what it had written', async () => {
    const { facet, folder, path } = await withFew();
    const { library, project } = facet.services;
    const before = storedRows(path);
    const frames = library.import(writeRows(join(folder, 'many.jsonl'), 30_000, 1000));
    await frames.next();
    await project.close();
    expect(storedRows(path).stored_pairs).toBeGreaterThan(400);
    const rest = (async () => {
      for await (const _ of frames);
    })();
    await expect(rest).rejects.toMatchObject({ failure: { code: 'import.stopped' } });
    await project.open(path);
    expect(await library.count(everything)).toBe(400);
    // An import waits for the clean-up, so nothing of the other can be left after it.
    await importAll(facet, join(folder, 'few.jsonl'));
    expect(storedRows(path)).toEqual(before);
  });
});

it('an import that was killed leaves nothing that is seen, and nothing at all once the project was opened', async () => {
  const { facet, folder, path } = await withFew();
  const before = storedRows(path);
  await facet.dispose();
  const file = writeRows(join(folder, 'many.jsonl'), 60_000, 1000);
  const entry = join(rootDir, 'src', 'main', 'cli', 'index.ts');
  const child = spawn(process.execPath, [entry, 'import', file, '--project', path], {
    env: { ...process.env, FACET_USER_DATA: join(folder, 'shell') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(child.stderr, 'data');
  while (Number(storedRows(path).stored_pairs) <= 400)
    await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(storedRows(path).stored_pairs).toBeGreaterThan(400);

  const again = facetOver(folder);
  onTestFinished(() => again.dispose());
  const { project, library } = again.services;
  expect(await project.open(path)).toMatchObject({ counts: { pairs: 400, prompts: 400 } });
  expect((await library.sources()).map(({ pairs }) => pairs)).toEqual([134, 133, 133]);
  await importAll(again, join(folder, 'few.jsonl'));
  expect(storedRows(path)).toEqual(before);
  // What anybody ever saw is as safe as before.
  const database = new Sqlite(path);
  onTestFinished(() => {
    database.close();
  });
  expect(() => database.exec('DELETE FROM annotations')).toThrow('append-only');
});
