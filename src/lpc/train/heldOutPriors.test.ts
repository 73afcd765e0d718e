import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { PRIORS_FOLDER, PRIORS_PROMPTS, priorsFile, priorsStep } from '#core/heldOutFile.ts';
import type { MeasuredPair } from './evaluation.ts';
import { keepPriors } from './heldOutPriors.ts';

const measured = (promptId: string, prior: readonly number[] | null) => ({
  pair: { promptId } as MeasuredPair['pair'],
  prior: prior && new Float32Array(prior),
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'facet-priors-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

it('keeps each prompt once, in one order, and nothing of a method without codes', async () => {
  const run = folder();
  await keepPriors(run, 4, [measured('7', null)]);
  expect(readdirSync(run)).toEqual([]);
  await keepPriors(run, 4, [measured('7', [0.25, 0.75]), measured('8', [1, 0]), measured('7', [0.25, 0.75])]);
  await keepPriors(run, 8, [measured('8', [0, 1]), measured('7', [0.5, 0.5])]);
  const at = (name: string) => readFileSync(join(run, PRIORS_FOLDER, name));
  const ids = JSON.parse(at(PRIORS_PROMPTS).toString()) as string[];
  expect(ids.toSorted()).toEqual(['7', '8']);
  const weightsOf = (step: number) => {
    const bytes = at(priorsFile(step));
    return [0, 1, 2, 3].map((place) => bytes.readFloatLE(4 * place));
  };
  expect(weightsOf(4)).toEqual(ids[0] === '7' ? [0.25, 0.75, 1, 0] : [1, 0, 0.25, 0.75]);
  expect(weightsOf(8)).toEqual(ids[0] === '7' ? [0.5, 0.5, 0, 1] : [0, 1, 0.5, 0.5]);
});

it('thins out many evaluations, never the first and the newest', async () => {
  const run = folder();
  for (let step = 1; step <= 70; step++) await keepPriors(run, step, [measured('7', [1, 0])]);
  const steps = readdirSync(join(run, PRIORS_FOLDER)).flatMap((name) => priorsStep(name) ?? []);
  expect(steps.length).toBeLessThanOrEqual(64);
  expect(steps).toContain(1);
  expect(steps).toContain(70);
});
