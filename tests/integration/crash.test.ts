/** The application itself is killed while it trains: what was acknowledged is there, and the rest says what happened. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { absent, needing } from '#disk/testNeeds.ts';
import { createFacet } from '#main/app.ts';
import { resourcesDir } from '#main/environment.ts';
import { importAll, openFacet } from '#main/testFacet.ts';
import { labelAs } from '#main/testLabeller.ts';

const shared = resolve(import.meta.dirname, '../../../shared');
const pairs = join(shared, 'data/normalized/hhh_alignment.jsonl.gz');
const model = join(shared, 'models/stories260K');

async function killAfterLabel(path: string): Promise<void> {
  const program = resolve(import.meta.dirname, '../fixtures/labelWhileTraining.ts');
  const child = spawn(process.execPath, [program, path, pairs, model], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise((done) => child.once('close', done));
  for await (const chunk of child.stdout) if (String(chunk).includes('labelled')) child.kill('SIGKILL');
  await ended;
  expect(child.signalCode, errors).toBe('SIGKILL');
  rmSync(join(tmpdir(), `facet-killed-${child.pid}`), { recursive: true, force: true });
}

describe('a killed application', needing(absent(pairs, model)), () => {
  it('keeps the label, unlocks the project and ends the run in words', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'facet-crash-'));
    const path = join(folder, 'killed.facet');
    await killAfterLabel(path);
    const facet = createFacet({
      userDataDir: join(folder, 'user'),
      resourcesDir,
      compute: { run: () => Promise.reject(new Error('not asked for')), dispose: async () => undefined },
      host: { kind: 'browser', pickFile: async () => null, pickFiles: async () => [] },
      version: 'test',
    });
    onTestFinished(async () => {
      await facet.dispose();
      rmSync(folder, { recursive: true, force: true });
    });
    const { project, runs } = facet.services;
    expect(await project.open(path)).toMatchObject({ counts: { pairs: 221, labelled: 1, runs: 1 } });
    const ada = await labelAs(facet);
    const [item] = (await ada.queue(1)).items;
    expect(item).toMatchObject({ pairId: 1, verdict: 'both_bad' });
    const [run] = runs.list();
    expect(run?.failure?.code).toBe('runs.interrupted');
    expect(run).toMatchObject({ state: 'stopped', resumable: true });
    expect(run?.step).toBeGreaterThan(0);
    expect((await ada.undo()).items[0]).toMatchObject({ pairId: 1, verdict: null });
  }, 240_000);
});

describe('a workbench killed between keeping a verdict and saving it', () => {
  it('has what was saved, and offers what was kept, once', async () => {
    const { facet, path } = await openFacet();
    const file = join(path, '..', 'pairs.jsonl');
    const row = (number: number) => JSON.stringify({ prompt: `Q${number}`, chosen: 'yes', rejected: 'no' });
    writeFileSync(file, `${row(1)}\n${row(2)}\n`);
    await importAll(facet, file);
    await facet.services.project.close();
    const program = resolve(import.meta.dirname, '../fixtures/keepAndDie.ts');
    const { signal, stderr, pid } = spawnSync(process.execPath, [program, path], { encoding: 'utf8' });
    expect(signal, stderr).toBe('SIGKILL');
    rmSync(join(tmpdir(), `facet-killed-${pid}`), { recursive: true, force: true });

    await facet.services.project.open(path);
    const { annotate } = facet.services;
    const ada = await labelAs(facet);
    expect(annotate.verdicts(1).standing).toEqual([{ annotator: 'Ada', verdict: 'tie' }]);
    const offered = await annotate.unsaved(ada.who);
    expect(offered).toMatchObject([{ pairId: 2, verdict: 'both_bad', leftKey: 'b', durationMs: 7 }]);
    await annotate.restore(
      ada.who,
      offered.map(({ requestId }) => requestId),
    );
    expect(annotate.verdicts(2).standing).toEqual([{ annotator: 'Ada', verdict: 'both_bad' }]);
    expect(await annotate.unsaved(ada.who)).toEqual([]);
  });
});
