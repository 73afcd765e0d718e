import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { RotatingFile } from './RotatingFile.ts';

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'facet-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('begins anew when it is large, and keeps a few older ones', async () => {
  const folder = place();
  const path = join(folder, 'logs', 'facet.log');
  const file = new RotatingFile(path, { mostBytes: 40, olderKept: 2 });
  for (let line = 1; line <= 9; line += 1) {
    file.add(`line ${line} ${'x'.repeat(20)}`);
    await file.settled();
  }
  expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['facet.log', 'facet.log.1', 'facet.log.2']);
  const lines = (name: string) => readFileSync(join(folder, 'logs', name), 'utf8').match(/line \d/g);
  expect(['facet.log.2', 'facet.log.1', 'facet.log'].map(lines)).toEqual([
    ['line 5', 'line 6'],
    ['line 7', 'line 8'],
    ['line 9'],
  ]);
});

it('keeps the order of lines that come at once, and drops what is far too much', async () => {
  const path = join(place(), 'facet.log');
  const file = new RotatingFile(path);
  for (let line = 0; line < 5000; line += 1) file.add(String(line));
  await file.settled();
  const lines = readFileSync(path, 'utf8').trim().split('\n').map(Number);
  expect(lines.length).toBeLessThan(5000);
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
});

it('is silent where it can’t be written, but for once', async () => {
  const folder = place();
  writeFileSync(join(folder, 'logs'), 'a file');
  const failures: unknown[] = [];
  const file = new RotatingFile(join(folder, 'logs', 'facet.log'), {
    onFailure: (error) => void failures.push(error),
  });
  for (const line of ['one', 'two']) {
    file.add(line);
    await file.settled();
  }
  expect(failures).toHaveLength(1);
});
