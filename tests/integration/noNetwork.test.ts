/** From the sample to an export in a network namespace that has no interface up and no route: nothing of it needs, or waits for, a network. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { needing } from '#disk/testNeeds.ts';

const program = join(import.meta.dirname, '..', 'fixtures', 'wholeWalk.ts');
const withoutNamespace =
  spawnSync('unshare', ['-rn', 'true']).status === 0 ? null : 'no network namespace can be made here';

it(
  'labels, trains, reads codes, searches and exports where there is no network',
  needing(withoutNamespace),
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'facet-no-network-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const args = ['-rn', process.execPath, '--disable-warning=ExperimentalWarning', program, folder];
    const { stdout } = await promisify(execFile)('unshare', args);
    const walked = JSON.parse(stdout) as { prompts: number; found: number };
    expect(walked).toMatchObject({ interfaces: [], state: 'finished', step: 4, files: ['pairs.jsonl'] });
    expect(walked.prompts).toBeGreaterThan(0);
    expect(walked.found).toBeGreaterThan(0);
  },
);
