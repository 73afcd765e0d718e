/** Every objective and every kind of latent, from its start to what the Codes screen is answered, on the real engine. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { codesOf, hasPosterior, LATENT_KINDS, OBJECTIVE_FACTS, OBJECTIVES } from '#core/methods.ts';
import { toFailure } from '#core/result.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { EvaluationFrame, RunFrame, StepFrame } from '#core/runFrames.ts';
import { absent, needing } from '#disk/testNeeds.ts';
import { startForkedWorker } from '../compute/forkLink.ts';
import { createWorkerPool } from '../compute/workerPool.ts';
import { resourcesDir, workerEntry } from '../environment.ts';
import { importAll, openFacet } from '../testFacet.ts';

const starter = join(resourcesDir, 'starter');
const PAIRS = 24;

const short = (changes: Partial<RunConfig>): RunConfig => ({
  ...DEFAULT_RUN,
  steps: 4,
  headsFirst: 0.5,
  warmupSteps: 1,
  evaluateEvery: 2,
  heldOutShare: 0.25,
  tokenBudget: 512,
  loraRank: 2,
  engine: 'onnx-cpu',
  ...changes,
});

const CASES: readonly (readonly [string, RunConfig])[] = [
  ...OBJECTIVES.flatMap((objective) => {
    const { name, usualBeta: beta } = OBJECTIVE_FACTS[objective];
    return [
      [name, short({ objective, beta, latent: null })] as const,
      [`LPC-${name}`, short({ objective, beta, latent: { ...DEFAULT_LATENT, codes: 4 } })] as const,
    ];
  }),
  ...LATENT_KINDS.map(
    (kind) =>
      [
        `${kind} latent`,
        short({ trainable: 'heads', latent: { ...DEFAULT_LATENT, codes: 4, kind } }),
      ] as const,
  ),
];

async function open() {
  const compute = createWorkerPool(() => startForkedWorker(workerEntry, { FACET_THREADS: '1' }));
  const { facet, folder } = await openFacet({ compute });
  onTestFinished(() => compute.dispose());
  const file = join(folder, 'pairs.jsonl');
  const sample = readFileSync(join(resourcesDir, 'sample', 'sample.jsonl'), 'utf8').split('\n');
  writeFileSync(file, sample.slice(0, PAIRS).join('\n'));
  await importAll(facet, file);
  return { ...facet.services, modelId: (await facet.services.models.add(starter)).id };
}

it(`trains and answers the Codes screen truly, for each of ${CASES.length} methods`, {
  ...needing(absent(starter)),
  timeout: 600_000,
}, async () => {
  const { runs, codes, modelId } = await open();
  for (const [name, config] of CASES) {
    const selection = { labels: 'people-then-imported', sourceIds: null } as const;
    const { id } = await runs.start({ modelId, config, selection, name });
    const frames: RunFrame[] = [];
    for await (const frame of runs.frames(id)) frames.push(frame);
    expect(await runs.wait(id), name).toMatchObject({ state: 'finished', step: 4, failure: null });

    // What a method has is measured, and what it has not is neither measured nor complained of.
    const evaluation = frames.filter((frame): frame is EvaluationFrame => frame.type === 'evaluation').at(-1);
    const step = frames.filter((frame): frame is StepFrame => frame.type === 'step').at(-1);
    expect(Number.isFinite(evaluation?.loss), name).toBe(true);
    expect([evaluation?.posteriorAccuracy !== null, step?.klWeight !== null], name).toEqual([
      hasPosterior(config),
      hasPosterior(config),
    ]);
    const trained = codesOf(config);
    expect([evaluation?.codePerplexity !== null, step?.temperature !== null], name).toEqual([
      trained !== null,
      trained !== null,
    ]);
    const warned = frames.flatMap((frame) => (frame.type === 'warning' ? [frame.code] : []));
    expect(warned, name).not.toContain('codes.not-stored');

    if (trained !== null) {
      expect(await codes.overview({ runId: id }), name).toMatchObject({ codes: trained });
      continue;
    }
    for (const ask of [
      () => codes.overview({ runId: id }),
      () => codes.heatMap({ runId: id }, 'source'),
      () => codes.topPrompts({ runId: id }, 0, 1),
    ])
      await expect(ask(), name).rejects.toThrow(
        config.latent === null ? 'without a latent' : 'it is a control',
      );
    const refused = await codes.probe({ runId: id }, 'Hello').catch(toFailure);
    expect(refused, name).toMatchObject({ code: 'codes.no-latent' });
  }
});
