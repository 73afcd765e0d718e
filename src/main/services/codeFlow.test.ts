import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { PRIORS_FOLDER, PRIORS_PROMPTS, priorsFile } from '#core/heldOutFile.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, importAll } from '../testFacet.ts';
import { FakeCompute } from './fakeCompute.ts';

/** Two runs on the same prompts; odd ones fire code 2 of the first and code 1 of the second, even ones code 0. */
async function twoRuns(prompts: number) {
  const folder = temporaryFolder();
  const compute = new FakeCompute();
  const facet = facetOver(folder, { compute });
  onTestFinished(() => facet.dispose());
  const { project, models, runs, codes } = facet.services;
  await project.create({ path: join(folder, 'pairs.facet'), name: 'Pairs' });
  const rows = Array.from({ length: prompts }, (_, index) =>
    JSON.stringify({ prompt: `What of ${index + 1}?`, chosen: `yes ${index}`, rejected: `no ${index}` }),
  );
  writeFileSync(join(folder, 'pairs.jsonl'), rows.join('\n'));
  await importAll(facet, join(folder, 'pairs.jsonl'));
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  const modelId = (await models.add(join(folder, 'model'))).id;
  const train = async (oddWeights: readonly number[]): Promise<number> => {
    compute.oddWeights = oddWeights;
    const { id } = await runs.start({
      modelId,
      config: { ...DEFAULT_RUN, steps: 2 },
      selection: { labels: 'imported', sourceIds: null },
    });
    await runs.wait(id);
    return id;
  };
  const first = await train([0.1, 0, 0.9]);
  const second = await train([0.1, 0.9, 0]);
  return { files: join(folder, 'pairs.facet.files'), codes, first, second };
}

it('matches the codes of two runs by what both say of the same prompts', async () => {
  const { codes, first, second } = await twoRuns(20);
  const flow = await codes.alignment({ runId: first }, { runId: second });
  expect(flow).toMatchObject({ prompts: 20, of: 'project' });
  expect(
    flow.columns.map(({ runId, step, use }) => ({ runId, step, used: use.map(({ code }) => code) })),
  ).toEqual([
    { runId: first, step: 2, used: [0, 2] },
    { runId: second, step: 2, used: [0, 1, 2] },
  ]);
  // Odd prompts give 0.9 to code 2 of the first and to code 1 of the second, even ones 0.2 to code 2 of either: 9 / 11.
  expect(flow.changes[0]?.kept).toEqual([
    { from: 0, to: 0, overlap: expect.closeTo(1, 6) },
    { from: 2, to: 1, overlap: expect.closeTo(9 / 11, 6) },
  ]);
  expect(flow.changes[0]).toMatchObject({ born: [{ code: 2, from: 0 }], died: [], same: 1 });
  await expect(codes.alignment({ runId: first }, { runId: 99 })).rejects.toThrow();
});

it('follows codes over evaluations, by what a run kept of them, else by stored checkpoints', async () => {
  const { files, codes, first } = await twoRuns(12);
  expect(await codes.timeline(first)).toMatchObject({
    of: 'project',
    prompts: 12,
    columns: [{ step: 2 }],
    changes: [],
  });
  expect(await codes.motion(first)).toBeNull();
  const folder = join(files, 'runs', String(first), PRIORS_FOLDER);
  mkdirSync(folder);
  writeFileSync(join(folder, PRIORS_PROMPTS), JSON.stringify(['3', '4']));
  writeFileSync(join(folder, priorsFile(10)), new Float32Array([1, 0, 0, 1, 0, 0]));
  writeFileSync(join(folder, priorsFile(20)), new Float32Array([1, 0, 0, 0, 0, 1]));
  const flow = await codes.timeline(first);
  expect(flow).toMatchObject({ of: 'held-out', prompts: 2 });
  expect(flow.columns.map(({ step, use }) => ({ step, use }))).toEqual([
    { step: 10, use: [{ code: 0, share: 1 }] },
    {
      step: 20,
      use: [
        { code: 0, share: 0.5 },
        { code: 2, share: 0.5 },
      ],
    },
  ]);
  expect(flow.changes).toEqual([
    { kept: [{ from: 0, to: 0, overlap: 0.5 }], born: [{ code: 2, from: 0 }], died: [], same: 0.5 },
  ]);
  // Prompt 3 stays where it is, prompt 4 goes from code 0 to code 2, all in one plane.
  const motion = await codes.motion(first);
  expect(motion).toMatchObject({
    steps: [10, 20],
    promptIds: [3, 4],
    previews: ['What of 3?', 'What of 4?'],
  });
  const numbers = (text: string): number[] => [
    ...new Uint16Array(new Uint8Array(Buffer.from(text, 'base64')).buffer),
  ];
  expect(numbers(motion?.strongest ?? '')).toEqual([0, 0, 0, 2]);
  const [x1, y1, x2, y2, x3, y3, x4, y4] = numbers(motion?.places ?? '');
  expect([x3, y3]).toEqual([x1, y1]);
  expect([x4, y4]).not.toEqual([x2, y2]);
  // Four rows of two different mixes: one direction holds all of it.
  expect((motion?.explained[0] ?? 0) + (motion?.explained[1] ?? 0)).toBeCloseTo(1, 5);
  writeFileSync(join(folder, priorsFile(20)), new Float32Array([1, 0, 0]));
  await expect(codes.motion(first)).rejects.toMatchObject({ failure: { code: 'codes.priors-damaged' } });
  await expect(codes.timeline(first)).rejects.toMatchObject({ failure: { code: 'codes.priors-damaged' } });
});
