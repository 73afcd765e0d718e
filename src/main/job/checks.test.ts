import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHeadlessFacet } from '../cli/session.ts';
import { resourcesDir } from '../environment.ts';
import { CHECKS, openCheckProject, type TraceLine, traceOf } from './checks.ts';

const TOLERANCE = 1e-4;

const stored = async (name: string): Promise<TraceLine[]> =>
  (await readFile(join(resourcesDir, 'job', 'check', name, 'trace.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TraceLine);

const figuresOf = (line: TraceLine): (number | null)[] =>
  line.type === 'codes'
    ? [...line.weights]
    : Object.values(line).filter((value): value is number | null => typeof value !== 'string');

/** Relative where a figure is above 1. */
const distance = (found: number | null, expected: number | null): number =>
  found === null || expected === null
    ? Number(found !== expected)
    : Math.abs(found - expected) / Math.max(1, Math.abs(expected));

describe('the recorded traces of a job’s checks', () => {
  it.each(['robust', 'dpo-lora', 'ipo-full', 'simpo-layers', 'gaussian', 'orpo', 'ld-dpo'])(
    '%s is what the engine gives',
    async (name) => {
      const work = await mkdtemp(join(tmpdir(), 'facet-checks-'));
      const facet = createHeadlessFacet(join(work, 'user'));
      onTestFinished(async () => {
        await facet.dispose();
        await rm(work, { recursive: true, force: true });
      });
      const config = CHECKS[name];
      if (config === undefined) throw new Error(`There is no check ${name}.`);
      const found = await traceOf(facet, await openCheckProject(facet, work), name, config);
      const expected = await stored(name);
      expect(found.map(({ type, step }) => `${type} ${step}`)).toEqual(
        expected.map(({ type, step }) => `${type} ${step}`),
      );
      const furthest = found.flatMap((line, at) => {
        const wanted = figuresOf(expected[at] as TraceLine);
        return figuresOf(line).map((value, place) => distance(value, wanted[place] ?? null));
      });
      expect(Math.max(...furthest)).toBeLessThan(TOLERANCE);
    },
  );

  it('has a trace for every check', async () => {
    for (const name of Object.keys(CHECKS)) expect((await stored(name)).length).toBeGreaterThan(8);
  });
});
