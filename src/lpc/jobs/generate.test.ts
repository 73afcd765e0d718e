import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodeChoice, DEFAULT_SAMPLING, type Sampling } from '#core/generation.ts';
import type { GenerateJob, GenerateManyJob, GenerateManyResult, GenerateResult } from '#core/jobs.ts';
import { toFailure } from '#core/result.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import type { RunFrame, TextFrame } from '#core/runFrames.ts';
import { checkpointOf, starterDir } from '../export/testExport.ts';
import { framesOf, LATENT, temporaryRoot } from '../train/testRun.ts';
import { runJob } from './runJob.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
let checkpointDir = '';
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
  const run = { ...DEFAULT_RUN, latent: { ...LATENT, codes: 3 }, trainable: 'heads' } as const;
  checkpointDir = await checkpointOf(root, run, (name) => (name === 'codebook' ? 1 : 0.3));
});
afterAll(() => remove());

const SAMPLING: Sampling = { ...DEFAULT_SAMPLING, maxTokens: 24 };
const PRIOR: CodeChoice = { mode: 'prior' };
const job = (changed: Partial<GenerateJob> = {}): GenerateJob => ({
  kind: 'generate',
  modelDir: starterDir,
  checkpointDir,
  messages: [{ role: 'user', content: 'How do I ask for a refund?' }],
  sampling: SAMPLING,
  samples: 1,
  codes: PRIOR,
  engine: 'onnx-cpu',
  ...changed,
});

async function generate(
  changed: Partial<GenerateJob>,
  onFrame: (frame: RunFrame, stop: AbortController) => void = () => undefined,
) {
  const frames: RunFrame[] = [];
  const stop = new AbortController();
  const take = (frame: RunFrame): void => {
    frames.push(frame);
    onFrame(frame, stop);
  };
  const result = (await runJob(job(changed), take, stop.signal)) as GenerateResult;
  return { result, texts: framesOf(frames, 'text') };
}
const textOf = (texts: readonly TextFrame[], sample: number): string =>
  texts
    .filter((frame) => frame.sample === sample)
    .map(({ text }) => text)
    .join('');

describe('replies per prompt', () => {
  it('are streamed whole, and are the same each time and in any company', async () => {
    const { result, texts } = await generate({ samples: 3 });
    expect(result.replies).toHaveLength(3);
    for (const [sample, { text }] of result.replies.entries()) expect(textOf(texts, sample)).toBe(text);
    expect(new Set(result.replies.map(({ text }) => text)).size).toBeGreaterThan(1);
    expect(result.weights?.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    const alone = await generate({});
    expect(alone.result.replies[0]?.text).toBe(result.replies[0]?.text);
    expect(alone.result.promptTokens).toBe(result.promptTokens);
  });

  it('depend on the codes', async () => {
    const one = (codes: CodeChoice) => generate({ codes, sampling: { ...SAMPLING, temperature: 0 } });
    const texts = new Set<string>();
    for (const weights of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ])
      texts.add((await one({ mode: 'weights', weights })).result.replies[0]?.text ?? '');
    texts.add((await one({ mode: 'none' })).result.replies[0]?.text ?? '');
    expect(texts.size).toBeGreaterThan(2);
    const scaled = await one({ mode: 'weights', weights: [0, 5, 0] });
    const plain = await one({ mode: 'weights', weights: [0, 1, 0] });
    expect(scaled.result.replies).toEqual(plain.result.replies);
  });

  it('of the base model are those of no codes over the same weights', async () => {
    const base = await generate({ checkpointDir: null, codes: { mode: 'none' } });
    expect(base.result.weights).toBeNull();
    const none = await generate({ codes: { mode: 'none' } });
    expect(none.result.replies[0]?.text).toBe(base.result.replies[0]?.text);
  });

  it('keep what is there when they are stopped', async () => {
    const sampling = { ...SAMPLING, maxTokens: 400, temperature: 1.5 };
    const { result, texts } = await generate({ sampling, samples: 2 }, (frame, stop) => {
      if (frame.type === 'text') stop.abort();
    });
    const stopped = result.replies.filter(({ finish }) => finish === 'stopped');
    expect(stopped.length).toBeGreaterThan(0);
    for (const [sample, { text }] of result.replies.entries()) expect(textOf(texts, sample)).toBe(text);
  });

  it('grow beyond the room their caches began with', async () => {
    const sampling = { ...SAMPLING, maxTokens: 330, temperature: 2, topP: 1 };
    const { result } = await generate({ sampling });
    const { tokens, finish } = result.replies[0]!;
    expect(finish === 'length' ? tokens : 330).toBe(330);
  });

  it.each([
    [{ codes: { mode: 'weights', weights: [1, 0] } }, 'generate.wrong-codes'],
    [{ codes: { mode: 'weights', weights: [0, 0, 0] } }, 'generate.wrong-codes'],
    [{ checkpointDir: null, codes: { mode: 'weights', weights: [1] } }, 'generate.wrong-codes'],
    [{ samples: 0 }, 'generate.wrong-samples'],
    [{ modelDir: '/nowhere' }, 'model.missing-file'],
  ] as const)('are refused for %j', async (changed, code) => {
    const failure = await generate(changed).catch((error: unknown) => toFailure(error));
    expect(failure).toMatchObject({ code });
  });
});

describe('replies to many prompts', () => {
  const many = (changed: Partial<GenerateManyJob> = {}): GenerateManyJob => ({
    kind: 'generate-many',
    modelDir: starterDir,
    checkpointDir,
    promptsPath: join(root, 'many.jsonl'),
    outputPath: join(root, 'replies.jsonl'),
    variants: [
      { sampling: SAMPLING, codes: PRIOR },
      { sampling: { ...SAMPLING, seed: 2 }, codes: { mode: 'weights', weights: [0, 0, 1] } },
    ],
    engine: 'onnx-cpu',
    ...changed,
  });
  const rowsOf = async (path: string) =>
    (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string });

  it('go on where they were, behind a torn line', async () => {
    const prompts = Array.from({ length: 11 }, (_, index) => ({
      id: `p${index}`,
      messages: [{ role: 'user', content: `Tell me about number ${index}.` }],
    }));
    await writeFile(many().promptsPath, prompts.map((prompt) => JSON.stringify(prompt)).join('\n'));
    const whole = many({ outputPath: join(root, 'whole.jsonl') });
    await runJob(whole, () => undefined, new AbortController().signal);

    const stop = new AbortController();
    const stopAfterFirst = (frame: RunFrame): void => {
      if (frame.type === 'phase' && frame.phase === 'generate' && frame.done > 0) stop.abort();
    };
    const first = (await runJob(many(), stopAfterFirst, stop.signal)) as GenerateManyResult;
    expect(first).toMatchObject({ prompts: 8, stopped: true });
    await appendFile(many().outputPath, '{"id": "p8", "replies": [{"te');
    const second = await runJob(many(), () => undefined, new AbortController().signal);
    expect(second).toMatchObject({ prompts: 11, stopped: false });
    expect((await rowsOf(many().outputPath)).map(({ id }) => id)).toEqual(prompts.map(({ id }) => id));
    const texts = async (path: string) =>
      (await rowsOf(path)).map((row) =>
        (row as { replies?: { text: string }[] }).replies?.map(({ text }) => text),
      );
    expect(await texts(many().outputPath)).toEqual(await texts(whole.outputPath));
  });
});
