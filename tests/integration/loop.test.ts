/** The whole loop on real parts: a real project file, published pairs, a real model, the forked compute process. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { absent, needing } from '#disk/testNeeds.ts';
import { createFacet } from '#main/app.ts';
import { startForkedWorker } from '#main/compute/forkLink.ts';
import { createWorkerPool } from '#main/compute/workerPool.ts';
import { resourcesDir, workerEntry } from '#main/environment.ts';
import { labelAs } from '#main/testLabeller.ts';

const shared = resolve(import.meta.dirname, '../../../shared');
const pairsFile = join(shared, 'data/normalized/raschka_polite.jsonl.gz');
const modelDir = join(shared, 'models/stories260K');
const PAIRS = 60;

const config: RunConfig = {
  ...DEFAULT_RUN,
  latent: { ...DEFAULT_LATENT, codes: 4 },
  trainable: 'heads',
  steps: 5,
  warmupSteps: 0,
  tokenBudget: 512,
  maxPromptTokens: 128,
  maxReplyTokens: 128,
  evaluateEvery: 0,
  engine: 'onnx-cpu',
};

async function ready() {
  const folder = mkdtempSync(join(tmpdir(), 'facet-loop-'));
  const compute = createWorkerPool(() => startForkedWorker(workerEntry));
  const facet = createFacet({
    userDataDir: join(folder, 'user'),
    resourcesDir,
    compute,
    host: { kind: 'browser', pickFile: async () => null, pickFiles: async () => [] },
    version: 'test',
  });
  onTestFinished(async () => {
    await facet.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'polite.jsonl');
  const lines = gunzipSync(readFileSync(pairsFile)).toString('utf8').split('\n').slice(0, PAIRS);
  writeFileSync(file, lines.join('\n'));
  const path = join(folder, 'loop.facet');
  const { services } = facet;
  await services.project.create({ path, name: 'Loop' });
  for await (const frame of services.library.import(file)) {
    if (frame.type === 'done') expect(frame).toMatchObject({ imported: PAIRS, problemCount: 0 });
  }
  const { id: modelId } = await services.models.add(modelDir);
  const request = {
    modelId,
    config,
    selection: { labels: 'people-then-imported', sourceIds: null } as const,
  };
  return { ...services, ada: await labelAs(facet), compute, path, request };
}

describe('label, train, see the codes', needing(absent(pairsFile, modelDir)), () => {
  it('goes from a file of pairs to the heat map of every prompt', async () => {
    const { runs, codes, library, ada, project, path, request } = await ready();
    await ada.decide({ pairId: 1, verdict: 'skip' });
    const { id, pairs } = await runs.start(request);
    expect(pairs).toBe(PAIRS);
    const frames: RunFrame[] = [];
    for await (const frame of runs.frames(id)) frames.push(frame);
    const run = await runs.wait(id);
    expect(run).toMatchObject({ state: 'finished', failure: null, step: 5, engine: 'onnx-cpu' });
    const steps = frames.filter((frame) => frame.type === 'step');
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    expect(steps.every(({ loss }) => Number.isFinite(loss) && loss > 0)).toBe(true);
    expect(frames).not.toContainEqual(expect.objectContaining({ code: 'codes.not-stored' }));

    const heatMap = await codes.heatMap({ runId: id }, 'source');
    const overview = await codes.overview({ runId: id });
    expect(heatMap.codes).toBe(4);
    expect(heatMap.rows).toBe(overview.prompts);
    const lines = Array.from({ length: heatMap.rows }, (_, start) => ({ start, rows: 1 }));
    const drawn = await codes.heatLines({ runId: id }, { by: 'source', lines, promptId: null });
    const weights = Buffer.from(drawn.means, 'base64');
    expect(weights.length).toBe(4 * 4 * heatMap.rows);
    for (let row = 0; row < heatMap.rows; row++) {
      const sum = [0, 1, 2, 3].reduce((total, code) => total + weights.readFloatLE(4 * (4 * row + code)), 0);
      expect(sum).toBeCloseTo(1, 4);
    }
    const top = (await codes.topPrompts({ runId: id }, 0, 1))[0];
    const shown = await codes.prompt({ runId: id }, top?.promptId ?? 0);
    expect(shown.weights[0]).toBe(top?.weight);
    const probe = await codes.probe({ runId: id }, shown.messages[0]?.content ?? '');
    for (const [code, weight] of probe.weights.entries())
      expect(weight).toBeCloseTo(shown.weights[code] ?? 9, 4);
    await project.updateSettings({ blind: false });
    const rows = await library.rows({ text: '', sourceId: null, status: 'all' }, 0, PAIRS);
    expect(rows.every(({ code }) => code !== null)).toBe(true);
    expect(rows.some(({ margin }) => margin !== null)).toBe(true);
    const scored = await runs.score({
      file: pairsFile.replace('raschka_polite', 'hhh_alignment'),
      modelId: 1,
      runId: id,
    });
    expect(scored.pairs).toBeGreaterThan(0);
    expect(existsSync(join(`${path}.files`, 'runs', String(id), 'dataset.jsonl'))).toBe(true);
  }, 240_000);

  it('takes no harm from a compute process that is killed in the middle', async () => {
    const { runs, ada, library, compute, path, request } = await ready();
    const { id } = await runs.start({ ...request, config: { ...config, steps: 100_000 } });
    for await (const frame of runs.frames(id)) {
      if (frame.type !== 'step' || frame.step < 3) continue;
      await ada.decide({ pairId: 1, verdict: 'tie' });
      for (const pid of compute.pids()) process.kill(pid, 'SIGKILL');
      break;
    }
    const run = await runs.wait(id);
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'compute.worker-died' } });
    expect(run.step).toBeGreaterThanOrEqual(3);
    expect(await library.statusCounts({ text: '', sourceId: null }, ada.who)).toMatchObject({
      all: PAIRS,
      labelled: 1,
    });
    const database = new Sqlite(path, { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    for (const table of ['pair_results', 'code_activations']) {
      expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0);
    }
    database.close();
    const next = await runs.start(request);
    expect(await runs.wait(next.id)).toMatchObject({ state: 'finished', failure: null });
  }, 240_000);

  it('goes on from a killed process as if nothing had happened: the same weights to the bit', async () => {
    const { runs, compute, path, request } = await ready();
    const settings = { ...config, steps: 40, evaluateEvery: 10, trainable: 'lora', headsFirst: 0.5 } as const;
    const whole = await runs.wait((await runs.start({ ...request, config: settings })).id);
    const { id } = await runs.start({ ...request, config: settings });
    for await (const frame of runs.frames(id)) {
      if (frame.type !== 'step' || frame.step < 27) continue;
      for (const pid of compute.pids()) process.kill(pid, 'SIGKILL');
      break;
    }
    expect(await runs.wait(id)).toMatchObject({ state: 'failed', resumable: true });
    await runs.resume(id);
    expect(await runs.wait(id)).toMatchObject({ state: 'finished', step: 40, resumable: false });
    const losses = async (runId: number) => {
      const frames: RunFrame[] = [];
      for await (const frame of runs.frames(runId)) frames.push(frame);
      return frames.flatMap((frame) => (frame.type === 'step' ? [[frame.step, frame.loss]] : []));
    };
    expect(await losses(id)).toEqual(await losses(whole.id));
    const weights = (runId: number) =>
      readFileSync(
        join(`${path}.files`, 'runs', String(runId), 'checkpoints', 'last-000040', 'trained.safetensors'),
      );
    expect(weights(id).equals(weights(whole.id))).toBe(true);
  }, 240_000);
});
