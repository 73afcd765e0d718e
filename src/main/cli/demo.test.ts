import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourcesDir } from '../environment.ts';
import { type DemoOptions, runDemo } from './demo.ts';
import { createHeadlessFacet } from './session.ts';

let folder: string;
const lines: string[] = [];
const folders: string[] = [];
const options: DemoOptions = {
  resourcesDir,
  createFacet: (dataDir) => {
    folders.push(dataDir);
    return createHeadlessFacet(dataDir);
  },
  progress: (line) => lines.push(line),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facet-demo-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('runDemo', () => {
  it('trains both methods in the real compute process on pairs it never scores', async () => {
    const rows = (await readFile(join(resourcesDir, 'sample', 'sample.jsonl'), 'utf8')).trim().split('\n');
    const data = join(folder, 'part.jsonl');
    const part = rows.filter((_, index) => index % 8 === 0);
    await writeFile(data, `${part.join('\n')}\n`);
    const figures = await runDemo({ ...options, data, steps: 6, seed: 3 });

    expect(figures).toMatchObject({
      pairs: part.length,
      sources: 8,
      steps: 6,
      headsFirstSteps: 2,
      seed: 3,
      codes: 16,
      causes: { groupedBy: 'source' },
    });
    expect(figures.methods.map(({ method }) => method)).toEqual(['DPO', 'LPC-DPO']);
    const [plain, latent] = figures.methods;
    expect(plain!.heldOutPairs).toBe(latent!.heldOutPairs);
    expect(plain!.heldOutPairs).toBeLessThan(part.length / 2);
    expect([plain!.kl, plain!.codePerplexity]).toEqual([null, null]);
    expect(latent!.kl).toBeGreaterThanOrEqual(0);
    expect(figures.strongest).toHaveLength(5);
    for (const code of figures.strongest) {
      expect(code.topPrompts).toHaveLength(3);
      expect(code.sources.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
    }
    expect(figures.strongest[0]!.share).toBeGreaterThanOrEqual(figures.strongest[4]!.share);
  });

  it('says what is wrong with a file that is not there or holds too little', async () => {
    await expect(runDemo({ ...options, data: join(folder, 'absent.jsonl') })).rejects.toMatchObject({
      failure: { where: { file: expect.stringContaining('absent.jsonl') } },
    });
    const data = join(folder, 'bad.jsonl');
    await writeFile(data, '{"prompt":"a","chosen":"b"}\n');
    await expect(runDemo({ ...options, data })).rejects.toMatchObject({
      failure: { code: 'demo.too-few-prompts' },
    });
    expect(lines.some((line) => line.trim().startsWith('row 1:'))).toBe(true);
  });

  it('leaves nothing on disk', () => {
    expect(folders.length).toBeGreaterThan(0);
    for (const path of folders) expect(existsSync(path), path).toBe(false);
  });
});
