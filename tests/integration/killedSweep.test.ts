/** `facet sweep` killed by SIGKILL before a cell's first checkpoint, and gone on with from the shell. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { SweepTable } from '#shared/sweepContract.ts';

const entry = join(import.meta.dirname, '..', '..', 'src', 'main', 'cli', 'index.ts');

it('trains every cell, the one that was killed from its beginning', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'facet-sweep-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const env = { ...process.env, FACET_USER_DATA: join(folder, 'user') };
  const facet = (...args: string[]) =>
    spawnSync(process.execPath, [entry, ...args, '--json'], { cwd: folder, encoding: 'utf8', env });
  const rows = Array.from({ length: 24 }, (_, index) => ({
    prompt: `Question ${index}?`,
    chosen: `A short answer, number ${index}.`,
    rejected: 'I really could not say.',
  }));
  writeFileSync(join(folder, 'pairs.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const imported = facet('import', 'pairs.jsonl', '-p', 'swept.facet');
  expect(imported.status, imported.stderr).toBe(0);

  const sweep = ['sweep', '-p', 'swept.facet', '--preset', 'quick', '--set', 'steps=800'];
  const victim = spawn(
    process.execPath,
    [entry, ...sweep, '--set', 'evaluateEvery=0', '--sweep', 'headsLearningRate=0.001,0.01'],
    { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  const ended = new Promise<NodeJS.Signals | null>((done) =>
    victim.once('close', (_, signal) => done(signal)),
  );
  for await (const chunk of victim.stderr) {
    said += chunk;
    if (said.includes(': step ')) victim.kill('SIGKILL');
  }
  expect(await ended, said).toBe('SIGKILL');

  const again = facet('sweep', '-p', 'swept.facet', '--go-on', '1');
  expect(again.status, again.stderr).toBe(0);
  const table = JSON.parse(again.stdout) as SweepTable;
  expect(table.rows.map(({ values, state, step }) => [values, state, step])).toEqual([
    [[0.001], 'finished', 800],
    [[0.01], 'finished', 800],
  ]);
}, 600_000);
