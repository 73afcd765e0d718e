import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  CodesResult,
  EstimateResult,
  Job,
  PairResult,
  ProbeResult,
  ScoreResult,
  VocabularyResult,
} from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import type { LatentConfig, RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { makeStrictModel, refusedByStrictModel } from '../backbone/testStrictModel.ts';
import {
  type FinishedRun,
  framesOf,
  LATENT,
  politePairs,
  runIn,
  SHORT_RUN,
  temporaryRoot,
} from '../train/testRun.ts';
import { runJob } from './runJob.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
let pairs: PreferencePair[] = [];
let lora: FinishedRun;
let full: FinishedRun;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
  if (storiesMissing !== null) return;
  pairs = politePairs(10);
  lora = await runIn(root, pairs, { steps: 6, learningRate: 3e-3 });
  full = await runIn(root, pairs, { steps: 3, trainable: 'full', headsFirst: 0, learningRate: 1e-3 });
}, 60_000);
afterAll(() => remove());

const SAMPLED_LAYERS = { ...LATENT, codebookInitStd: 0.3, injection: 'layers', inference: 'sample' } as const;
const MLP = { ...LATENT, kind: 'mlp' } as const;
const headsRun = (latent: LatentConfig) =>
  runIn(root, pairs, { steps: 4, trainable: 'heads', headsLearningRate: 1e-2, latent });

const frames: RunFrame[] = [];
const run = <T>(job: Job, stop = new AbortController().signal) =>
  runJob(job, (frame) => frames.push(frame), stop) as Promise<T>;
const linesOf = async <T>(path: string): Promise<T[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

describe('jobs on stories260K', needing(storiesMissing), () => {
  const policyOf = ({ result }: FinishedRun) => ({
    modelDir: storiesDir,
    checkpointDir: result.checkpointDir,
    engine: 'onnx-cpu' as const,
  });
  const scoreOf = (trained: FinishedRun | null, name: string) =>
    run<ScoreResult>({
      kind: 'score',
      modelDir: storiesDir,
      checkpointDir: trained?.result.checkpointDir ?? null,
      datasetPath: lora.job.datasetPath,
      outputPath: join(root, name),
      cacheDir: lora.job.cacheDir,
      engine: 'onnx-cpu',
    });

  it('writes p(z|x) in the order of the prompts, and a probe gives the same', async () => {
    const promptsPath = join(root, 'prompts.jsonl');
    const prompts = pairs.map(({ messages }) => ({ id: 'same id', messages }));
    await writeFile(promptsPath, prompts.map((prompt) => JSON.stringify(prompt)).join('\n'));
    const outputPath = join(root, 'codes.f32');
    const result = await run<CodesResult>({ kind: 'codes', ...policyOf(lora), promptsPath, outputPath });
    expect(result).toEqual({ prompts: pairs.length, codes: LATENT.codes, outputPath });
    const bytes = await readFile(outputPath);
    expect(bytes.length).toBe(4 * pairs.length * LATENT.codes);
    for (const row of [0, 7]) {
      const stored = Array.from({ length: LATENT.codes }, (_, code) =>
        bytes.readFloatLE(4 * (row * LATENT.codes + code)),
      );
      expect(stored.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      const probe = await run<ProbeResult>({
        kind: 'probe',
        ...policyOf(lora),
        messages: pairs[row]!.messages,
      });
      for (const [code, weight] of probe.weights.entries()) expect(weight).toBeCloseTo(stored[code]!, 5);
      expect(probe.tokens).toBeGreaterThan(5);
      expect(probe.growth).toBeUndefined();
    }
    // As it grows, its text is that of the prompt, and its codes end where the prompt's are.
    const { messages } = pairs[7]!;
    const { growth, weights } = await run<ProbeResult>({
      kind: 'probe',
      ...policyOf(lora),
      messages,
      growth: true,
    });
    expect(growth!.length).toBeGreaterThan(1);
    expect(growth!.length).toBeLessThanOrEqual(24);
    expect(
      growth!
        .map(({ added }) => added)
        .join('')
        .trim(),
    ).toBe(messages.at(-1)!.content.trim());
    for (const [code, weight] of growth!.at(-1)!.weights.entries())
      expect(weight).toBeCloseTo(weights[code]!, 5);
    expect(growth![0]!.weights).not.toEqual(growth!.at(-1)!.weights);
    // With h_x in the same rows the weights stay what they were, and the states are those of different prompts.
    const withStates = await run<CodesResult>({
      kind: 'codes',
      ...policyOf(lora),
      promptsPath,
      outputPath: join(root, 'states.f32'),
      withStates: true,
    });
    const width = LATENT.codes + (withStates.stateSize ?? 0);
    expect(width).toBeGreaterThan(LATENT.codes);
    const both = await readFile(withStates.outputPath);
    expect(both.length).toBe(4 * pairs.length * width);
    const stateOf = (row: number) => both.subarray(4 * (row * width + LATENT.codes), 4 * (row + 1) * width);
    for (const row of [0, 7]) {
      const weights = bytes.subarray(4 * row * LATENT.codes, 4 * (row + 1) * LATENT.codes);
      expect(both.subarray(4 * row * width, 4 * (row * width + LATENT.codes)).equals(weights)).toBe(true);
    }
    expect(stateOf(0).equals(stateOf(7))).toBe(false);
    expect(Array.from({ length: 5 }, (_, at) => stateOf(7).readFloatLE(4 * at)).every(Number.isFinite)).toBe(
      true,
    );
  });

  it('measures what the codes’ agreement with sources is worth, and leaves the policy as it was', async () => {
    const promptsPath = join(root, 'known-prompts.jsonl');
    const sourcesPath = join(root, 'sources.json');
    const knownPath = join(root, 'known.f32');
    await writeFile(
      promptsPath,
      pairs.map(({ messages }) => JSON.stringify({ id: 'p', messages })).join('\n'),
    );
    // The last was not trained on.
    const sources = pairs.map((_, row) => (row === pairs.length - 1 ? null : row % 2 === 0 ? 'even' : 'odd'));
    await writeFile(sourcesPath, JSON.stringify(sources));
    const probe = (row: number, known = true) =>
      run<ProbeResult>({
        kind: 'probe',
        ...policyOf(lora),
        ...(known && { knownPath }),
        messages: pairs[row]!.messages,
      });
    const before = await probe(3, false);
    expect(before.nearest).toEqual([]);
    const paths = { promptsPath, sourcesPath, knownPath, outputPath: join(root, 'with-evidence.f32') };
    const { evidence, known } = await run<CodesResult>({ kind: 'codes', ...policyOf(lora), ...paths });
    expect(known?.places).toEqual([...pairs.keys()].slice(0, -1));
    expect(known?.usual?.most).toBeGreaterThanOrEqual(known?.usual?.median ?? 1);
    expect(evidence).toMatchObject({ prompts: pairs.length - 1, commonest: 5 / 9 });
    for (const figure of [evidence?.nmi, evidence?.untrainedNmi]) {
      expect(figure).toBeGreaterThanOrEqual(0);
      expect(figure).toBeLessThanOrEqual(1);
    }
    const after = await probe(3);
    for (const [code, weight] of after.weights.entries())
      expect(weight).toBeCloseTo(before.weights[code]!, 6);
    expect(after.nearest[0]).toEqual({ row: 3, distance: expect.closeTo(0, 4) });
    expect((await probe(pairs.length - 1)).nearest.map(({ row }) => row)).not.toContain(pairs.length - 1);
    // A prompt longer than the run trained on is cut as in training, and says so.
    const long = [{ role: 'user' as const, content: 'once upon a time '.repeat(80) }];
    const cut = await run<ProbeResult>({ kind: 'probe', ...policyOf(lora), messages: long });
    expect(cut.tokensCut).toBeGreaterThan(0);
    expect(cut.tokens).toBe(SHORT_RUN.maxPromptTokens);
  });

  it.each([
    ['LoRA', async () => lora],
    ['full', async () => full],
    ['z in the layers, sampled', () => headsRun(SAMPLED_LAYERS)],
    ['MLP(h_x)', () => headsRun(MLP)],
  ])('scores held-out pairs as training’s last evaluation did: %s', async (name, train) => {
    const trained = await train();
    const result = await scoreOf(trained, `${name}.jsonl`);
    expect(result.pairs).toBe(pairs.length);
    const scored = await linesOf<PairResult>(result.outputPath);
    expect(scored.map(({ pairId }) => pairId)).toEqual(pairs.map(({ id }) => id));
    const evaluated = await linesOf<PairResult>(trained.result.pairResultsPath);
    expect(evaluated.length).toBeGreaterThan(0);
    for (const expected of evaluated) {
      const found = scored.find(({ pairId }) => pairId === expected.pairId);
      expect(found?.margin).toBeCloseTo(expected.margin, 3);
      if (expected.swappedMargin === null) expect(found?.swappedMargin).toBeNull();
      else expect(found?.swappedMargin).toBeCloseTo(expected.swappedMargin, 3);
      expect(found?.prior?.code).toBe(expected.prior?.code);
    }
  });

  it('scores the base model by its own log-probabilities', async () => {
    const result = await scoreOf(null, 'base.jsonl');
    for (const { margin, rewardChosen, rewardRejected, kl } of await linesOf<PairResult>(result.outputPath)) {
      expect(margin).toBeCloseTo(rewardChosen - rewardRejected, 6);
      expect(rewardChosen).toBeLessThan(0);
      expect(kl).toBeNull();
    }
  });

  it('estimates a run', async () => {
    const result = await run<EstimateResult>({
      kind: 'estimate',
      config: SHORT_RUN,
      modelDir: storiesDir,
      datasetPath: lora.job.datasetPath,
    });
    expect(result.pairs).toBe(pairs.length);
    expect(result.secondsTotal).toBeGreaterThan(0);
    // LoRA of rank 8 on d = 64, kv 32, ffn 172, 5 layers: 5·8·(128+96+96+128+236+236+236);
    // heads: prior 64·64+64+8·64+8, posterior 3·64·64+64+8·64+8, codebook 8·64.
    expect(result.trainableParameters).toBe(5 * 8 * 1156 + 4680 + 12872 + 512);
    expect(result.peakBytes).toBeGreaterThan(1e6);
  });

  it('says before a run what the limits cut off, as the run does, and measures two rows of a thousand', async () => {
    const frame: RunFrame[] = [];
    const estimate = (config: RunConfig, stop = new AbortController().signal) =>
      runJob(
        { kind: 'estimate', config, modelDir: storiesDir, datasetPath: lora.job.datasetPath },
        (f) => frame.push(f),
        stop,
      ) as Promise<EstimateResult>;
    const short = { ...SHORT_RUN, maxReplyTokens: 8, accumulation: 1000 };
    const result = await estimate(short);
    const { note } = framesOf(
      (await runIn(root, pairs, { ...short, accumulation: 1, steps: 1 })).frames,
      'phase',
    ).find(({ note: said }) => said?.includes('were cut'))!;
    const [cut, of, lost, tokens] = note!.match(/\d+/g)!.map(Number);
    expect(result).toMatchObject({ pairsCut: cut, pairs: of, tokensCut: lost });
    expect(result.tokens + result.tokensCut).toBe(tokens);
    // Measured by two rows, reckoned for a thousand.
    const single = await estimate({ ...short, accumulation: 1 });
    expect(result.secondsTotal).toBeGreaterThan(50 * (single.secondsTotal ?? 0));
    const left = AbortSignal.abort();
    await expect(estimate(short, left)).rejects.toMatchObject({ failure: { code: 'job.stopped' } });
  });

  it('leaves out by name, before a run and in it, pairs whose replies are the same once cut', async () => {
    const [first] = pairs;
    const twin = { ...first!, id: 'twin', rejected: `${first!.chosen} And then there was more to tell.` };
    const short = { ...SHORT_RUN, maxReplyTokens: 4, steps: 1 };
    const { frames, job } = await runIn(root, [...pairs, twin], short);
    const said = framesOf(frames, 'warning').find(({ code }) => code === 'pairs-equal');
    expect(said?.message).toContain('twin');
    const { datasetPath } = job;
    const estimate = await run<EstimateResult>({
      kind: 'estimate',
      config: short,
      modelDir: storiesDir,
      datasetPath,
    });
    expect(estimate.equalIds).toContain('twin');
    expect(estimate.pairs).toBe(pairs.length + 1);
  });

  it('leave out what the chat template cannot write, as the run does, when they estimate and score', async () => {
    const modelDir = await makeStrictModel(join(root, 'strict'));
    const mixed = pairs.map((pair, index) => (index < 2 ? refusedByStrictModel(pair) : pair));
    const datasetPath = join(root, 'mixed.jsonl');
    await writeFile(datasetPath, mixed.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
    const estimate = await run<EstimateResult>({
      kind: 'estimate',
      config: SHORT_RUN,
      modelDir,
      datasetPath,
    });
    expect(estimate.pairs).toBe(pairs.length - 2);
    const scored = await run<ScoreResult>({
      kind: 'score',
      modelDir,
      checkpointDir: null,
      datasetPath,
      outputPath: join(root, 'mixed-scores.jsonl'),
      cacheDir: lora.job.cacheDir,
      engine: 'onnx-cpu',
    });
    const ids = (await linesOf<PairResult>(scored.outputPath)).map(({ pairId }) => pairId);
    expect(ids.toSorted()).toEqual(
      pairs
        .slice(2)
        .map(({ id }) => id)
        .toSorted(),
    );
    const notes = framesOf(frames, 'phase').flatMap(({ note }) => note ?? []);
    expect(notes.filter((note) => note.includes(`Pair ${pairs[0]?.id} (`))).toHaveLength(2);
  });

  it('names the tokens that a code lifts and lowers: what z adds to the logits, less their mean', async () => {
    const { codes, reason } = await run<VocabularyResult>({ kind: 'vocabulary', ...policyOf(lora) });
    expect(reason).toBeNull();
    expect(codes).toHaveLength(LATENT.codes);
    for (const { lifted, lowered } of codes ?? []) {
      expect(lifted).toHaveLength(12);
      const shifts = [...lifted, ...lowered.toReversed()].map(({ shift }) => shift);
      expect(shifts).toEqual(shifts.toSorted((a, b) => b - a));
      expect(shifts[0]).toBeGreaterThan(0);
      expect(shifts.at(-1)).toBeLessThan(0);
      for (const { text } of lifted) expect(text.trim()).not.toBe('');
    }
    const inLayers = await headsRun(SAMPLED_LAYERS);
    const none = await run<VocabularyResult>({ kind: 'vocabulary', ...policyOf(inLayers) });
    expect(none.codes).toBeNull();
    expect(none.reason).toContain('depends on the text');
  });

  it('refuses a checkpoint without codes or changed since', async () => {
    const withoutCodes = run({
      kind: 'probe',
      ...policyOf(await headsRun(MLP)),
      messages: pairs[0]!.messages,
    });
    await expect(withoutCodes).rejects.toMatchObject({ failure: { code: 'lpc.no-latent' } });
    const plain = await runIn(root, pairs, { steps: 1, latent: null });
    const messages = pairs[0]!.messages;
    await expect(run({ kind: 'probe', ...policyOf(plain), messages })).rejects.toMatchObject({
      failure: { code: 'lpc.no-latent' },
    });
    const best = framesOf(plain.frames, 'checkpoint').find(({ kind }) => kind === 'best')!.path;
    await writeFile(join(best, 'trained.safetensors'), 'x');
    const changed = { ...policyOf(plain), checkpointDir: best };
    await expect(run({ kind: 'probe', ...changed, messages })).rejects.toMatchObject({
      failure: { code: 'checkpoint.incomplete' },
    });
  });

  it('goes on with a scoring that was broken off, and gives the same', async () => {
    const whole = await scoreOf(lora, 'whole.jsonl');
    const stop = new AbortController();
    const job: Job = {
      kind: 'score',
      ...policyOf(lora),
      datasetPath: lora.job.datasetPath,
      outputPath: join(root, 'resumed.jsonl'),
      cacheDir: lora.job.cacheDir,
    };
    stop.abort();
    await expect(run(job, stop.signal)).rejects.toMatchObject({ failure: { code: 'job.stopped' } });
    await expect(readFile(job.outputPath)).rejects.toThrow();
    frames.length = 0;
    await run<ScoreResult>(job);
    expect(await readFile(job.outputPath, 'utf8')).toBe(await readFile(whole.outputPath, 'utf8'));
    const reported = framesOf(frames, 'phase').filter(({ phase }) => phase === 'evaluate');
    expect(reported.at(-1)).toMatchObject({ done: pairs.length, total: pairs.length });
  });

  it('stops a scoring without leaving a file', async () => {
    const stop = new AbortController();
    stop.abort();
    const promptsPath = join(root, 'prompts.jsonl');
    const outputPath = join(root, 'stopped.f32');
    await expect(
      run({ kind: 'codes', ...policyOf(lora), promptsPath, outputPath }, stop.signal),
    ).rejects.toMatchObject({ failure: { code: 'job.stopped' } });
    await expect(readFile(outputPath)).rejects.toThrow();
  });
});
