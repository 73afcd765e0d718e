import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockProject } from '../data/projectLock.ts';
import { damagePagesWith } from '../data/testDamage.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { diagnose, repair } from './doctor.ts';

const PAIRS = 300;

async function labelledProject() {
  const { facet, path, folder } = await openFacet();
  const file = join(folder, 'pairs.jsonl');
  const row = (number: number) =>
    JSON.stringify({ prompt: `Q${number}`, chosen: `${number} yes `.repeat(60), rejected: `${number} no` });
  writeFileSync(file, Array.from({ length: PAIRS }, (_, index) => row(index)).join('\n'));
  await importAll(facet, file);
  const ada = await labelAs(facet);
  for (let pairId = 1; pairId <= 40; pairId += 1)
    await ada.decide({ pairId, verdict: pairId % 2 ? 'a' : 'tie' });
  await ada.undo();
  return { facet, path };
}

describe('the doctor', () => {
  it('finds nothing wrong with a sound project, and what is left over and missing', async () => {
    const { facet, path } = await labelledProject();
    expect(() => diagnose(path)).toThrow('open in another Facet');
    await facet.services.project.close();
    expect(diagnose(path)).toMatchObject({ damage: [], missing: [], orphans: [] });
    mkdirSync(join(`${path}.files`, 'runs', '7'), { recursive: true });
    mkdirSync(join(`${path}.files`, 'backups'), { recursive: true });
    const half = join(`${path}.files`, 'backups', '2026-01-01T000000Z.facet.partial');
    writeFileSync(half, 'half');
    expect(diagnose(path).orphans).toEqual([join(`${path}.files`, 'runs', '7'), half]);
    expect(await repair(path)).toEqual({ salvaged: null, aside: null, removed: [half] });
    // Weights that no row names are still somebody's work.
    expect(existsSync(join(`${path}.files`, 'runs', '7'))).toBe(true);
  });

  it('saves every row that can be read of a damaged file, and keeps that beside', async () => {
    const { facet, path } = await labelledProject();
    await facet.services.project.close();
    const pages = damagePagesWith(path, ' yes ');
    expect(pages).toBeGreaterThan(2);
    expect(diagnose(path).damage).not.toEqual([]);
    const { salvaged, aside } = await repair(path);
    expect(existsSync(aside as string)).toBe(true);
    expect(salvaged?.rows.annotations).toBe(PAIRS + 41);
    // A page of 4 KB holds some eight replies of 500 characters.
    expect(salvaged?.rows.responses).toBeGreaterThan(2 * PAIRS - 20 * pages);
    expect(diagnose(path).damage).toEqual([]);
    const opened = await facet.services.project.open(path);
    expect(opened).toMatchObject({ damage: [], name: 'Test' });
    expect(opened.counts.pairs).toBeGreaterThan(PAIRS / 2);
    expect(opened.counts.pairs).toBeLessThan(PAIRS);
    const { annotate } = facet.services;
    const ada = await labelAs(facet);
    const queue = await ada.queue();
    expect(queue.decided).toBeGreaterThan(10);
    await ada.decide({ pairId: queue.items[0]?.pairId ?? 0, verdict: 'b' });
    expect(annotate.verdicts(queue.items[0]?.pairId ?? 0).standing).toEqual([
      { annotator: 'Ada', verdict: 'b' },
    ]);
  });

  it('leaves a project that is open alone', async () => {
    const { facet, path } = await labelledProject();
    await facet.services.project.close();
    const release = lockProject(path);
    await expect(repair(path)).rejects.toMatchObject({ failure: { code: 'project.in-use' } });
    release();
  });
});
