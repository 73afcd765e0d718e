import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRouterClient, ORPCError } from '@orpc/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../data/testProject.ts';
import { Connection } from '../services/Connection.ts';
import { facetOver, openFacet } from '../testFacet.ts';

async function errorOf(promise: Promise<unknown>) {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ORPCError) return error;
    throw error;
  }
  throw new Error('did not fail');
}

describe('the contract over the services', () => {
  it('carries a failure as the one typed error, with its fix', async () => {
    const facet = facetOver(temporaryFolder());
    const client = createRouterClient(facet.router, { context: { connection: new Connection() } });
    const error = await errorOf(client.library.sources());
    expect(error).toMatchObject({ code: 'FAILURE', defined: true, message: 'No project is open.' });
    expect(error.data).toEqual({
      code: 'project.none-open',
      message: 'No project is open.',
      fix: 'Open a project, or start with the sample.',
    });
  });

  it('carries a failure in the middle of a stream the same way', async () => {
    const { facet, folder } = await openFacet();
    const client = createRouterClient(facet.router, { context: { connection: new Connection() } });
    const file = join(folder, 'cut.json');
    writeFileSync(file, '[{"prompt":"p","chosen":"a","rejected":"b"},');
    const reading = (async () => {
      for await (const _ of await client.library.import({ file }));
    })();
    const error = await errorOf(reading);
    expect(error).toMatchObject({ code: 'FAILURE', defined: true, data: { code: 'import.unreadable-file' } });
  });

  it('logs what nobody foresaw and calls it unexpected', async () => {
    const lines: string[] = [];
    const facet = facetOver(temporaryFolder(), {
      host: {
        kind: 'window',
        pickFile: () => Promise.reject(new RangeError('boom')),
        pickFiles: async () => [],
      },
      log: (line) => lines.push(line),
    });
    const client = createRouterClient(facet.router, { context: { connection: new Connection() } });
    const error = await errorOf(client.app.pickFile({ purpose: 'project' }));
    expect(error).toMatchObject({ code: 'FAILURE', data: { code: 'internal.unexpected', message: 'boom' } });
    expect(lines.join()).toContain('RangeError: boom');
  });

  it('refuses an input that does not fit, before any service sees it', async () => {
    const { facet } = await openFacet();
    const client = createRouterClient(facet.router, { context: { connection: new Connection() } });
    const bad = { pairId: 1, verdict: 'maybe', leftKey: 'a', durationMs: 1 };
    const error = await errorOf(client.annotate.decide(bad as never));
    expect(error.code).toBe('BAD_REQUEST');
  });

  it('takes an upload whose name cannot leave its folder', async () => {
    const folder = temporaryFolder();
    const facet = facetOver(folder);
    onTestFinished(() => facet.dispose());
    const client = createRouterClient(facet.router, { context: { connection: new Connection() } });
    const { path } = await client.app.upload({ file: new File(['hello'], '../../evil.jsonl') });
    expect(path.startsWith(join(folder, 'user', 'uploads'))).toBe(true);
    expect(path.endsWith('evil.jsonl')).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('hello');
  });

  it('reads an upload as the list says that was sent with it, and each file once', async () => {
    const folder = temporaryFolder();
    const facet = facetOver(folder);
    onTestFinished(() => facet.dispose());
    const client = createRouterClient(facet.router, { context: { connection: new Connection() } });
    await client.project.create({ path: join(folder, 'p.facet'), name: 'p' });
    const sent = async (name: string, value: unknown, beside: string | null) =>
      (await client.app.upload({ file: new File([JSON.stringify(value)], name), beside })).path;
    const rows = [{ q: 'Q', good: 'A', bad: 'B' }];
    const columns = { prompt: 'q', chosen: 'good', rejected: 'bad' };
    const sets = {
      odd: { file_name: 'odd.json', ranking: true, columns },
      beyond: { file_name: '../../../p.facet', ranking: true, columns },
    };
    const data = await sent('odd.json', rows, null);
    const list = await sent('dataset_info.json', sets, data);
    expect(dirname(list)).toBe(dirname(data));
    expect(dirname(await sent('odd.json', rows, data))).not.toBe(dirname(data));
    expect(dirname(await sent('odd.json', rows, join(folder, 'p.facet')))).not.toBe(folder);
    const inputs = await client.library.inputs({ paths: [data, list] });
    expect(inputs).toEqual([{ path: data }]);
    expect((await client.library.preview({ file: data })).counts).toMatchObject({ added: 1, refused: 0 });
  });

  it('clears away uploads of the day before', async () => {
    const folder = temporaryFolder();
    const facet = facetOver(folder);
    onTestFinished(() => facet.dispose());
    const old = join(folder, 'user', 'uploads', 'file-old');
    mkdirSync(old, { recursive: true });
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    utimesSync(old, twoDaysAgo, twoDaysAgo);
    const client = createRouterClient(facet.router, { context: { connection: new Connection() } });
    const first = await client.app.upload({ file: new File(['1'], 'a.jsonl') });
    const second = await client.app.upload({ file: new File(['2'], 'a.jsonl') });
    expect([old, first.path, second.path].map((path) => existsSync(path))).toEqual([false, true, true]);
  });
});
