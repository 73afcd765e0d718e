/** The layer that plays a power cut: what was not synced goes, what was synced stays. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { randomSource } from '#core/random.ts';
import { cutFiles, removeKept } from './cutFiles.ts';

/** Runs lines over `fs` under the layer; gives the folder. */
function played(lines: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'facet-cut-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a'), 'old');
  const layer = join(import.meta.dirname, 'fileLayer.ts');
  const program = `import { open, rename } from 'node:fs/promises';
    const at = (name) => ${JSON.stringify(folder)} + '/' + name;
    const put = async (name, text, syncs) => {
      const file = await open(at(name), 'w');
      await file.write(Buffer.from(text), 0, text.length, 0);
      if (syncs) await file.sync();
      await file.close();
    };
    ${lines}`;
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--import',
    layer,
    '--input-type=module',
    '-e',
    program,
  ];
  const { status, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, FACET_FILE_JOURNAL: join(folder, 'journal') },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return folder;
}

/** What file `a` and, if it is there, `b` hold after each of many cuts. */
function outcomes(lines: string): Set<string> {
  const found = new Set<string>();
  for (let seed = 1; seed <= 8; seed += 1) {
    const folder = played(lines);
    const journals = [join(folder, 'journal')];
    cutFiles(journals, randomSource({ seed, stream: 'cut', counter: 0 }));
    removeKept(journals);
    found.add(readFileSync(join(folder, 'a'), 'utf8'));
  }
  return found;
}

it('drops or tears what was written and not synced', () => {
  const found = outcomes("await put('a', 'new text', false);");
  expect(found.size).toBeGreaterThan(1);
  for (const text of found) expect('new text'.startsWith(text.replaceAll('\0', ''))).toBe(true);
});

it('keeps what was synced, and a name once its folder was', () => {
  const moved = "await put('b', 'new text', true); await rename(at('b'), at('a'));";
  expect(outcomes(moved)).toEqual(new Set(['new text', 'old']));
  const synced = `${moved} const folder = await open(at(''), 'r'); await folder.sync(); await folder.close();`;
  expect(outcomes(synced)).toEqual(new Set(['new text']));
});
