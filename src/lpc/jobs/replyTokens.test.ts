/** A reply that is given has, token by token, the log-probabilities with which it was drawn. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CodeChoice, DEFAULT_SAMPLING } from '#core/generation.ts';
import type { GenerateResult, ReplyTokensResult } from '#core/jobs.ts';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { checkpointOf, starterDir } from '../export/testExport.ts';
import { LATENT, temporaryRoot } from '../train/testRun.ts';
import { runJob } from './runJob.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const MESSAGES = [{ role: 'user' as const, content: 'How do I ask for a refund?' }];
const SAMPLING = { ...DEFAULT_SAMPLING, maxTokens: 24, seed: 3 };
const never = new AbortController().signal;
const silent = (): void => undefined;

async function draw(checkpointDir: string | null, codes: CodeChoice): Promise<GenerateResult> {
  const shared = {
    modelDir: starterDir,
    checkpointDir,
    messages: MESSAGES,
    codes,
    engine: 'onnx-cpu',
  } as const;
  return (await runJob(
    { kind: 'generate', ...shared, sampling: SAMPLING, samples: 2 },
    silent,
    never,
  )) as GenerateResult;
}

async function read(
  checkpointDir: string | null,
  codes: CodeChoice,
  ids: readonly number[],
  sample = 0,
): Promise<ReplyTokensResult['tokens']> {
  const shared = {
    modelDir: starterDir,
    checkpointDir,
    messages: MESSAGES,
    codes,
    engine: 'onnx-cpu',
  } as const;
  const draw = { ids, sample, seed: SAMPLING.seed, maxTokens: SAMPLING.maxTokens, cutAs: null };
  const result = await runJob({ kind: 'reply-tokens', ...shared, ...draw }, silent, never);
  return (result as ReplyTokensResult).tokens;
}

const sum = (tokens: ReplyTokensResult['tokens']): number =>
  tokens.reduce((total, { logp }) => total + logp, 0);

const RUN: RunConfig = { ...DEFAULT_RUN, loraRank: 4, loraAlpha: 8, latent: { ...LATENT, codes: 3 } };
const RUNS: Readonly<Record<string, RunConfig | null>> = {
  base: null,
  head: RUN,
  layers: { ...RUN, latent: { ...LATENT, codes: 3, injection: 'layers' } },
};
const CODES: Readonly<Record<string, CodeChoice>> = {
  prior: { mode: 'prior' },
  none: { mode: 'none' },
  'one code': { mode: 'weights', weights: [0, 1, 0] },
};

it.each([
  ['base', 'none'],
  ['head', 'prior'],
  ['head', 'none'],
  ['head', 'one code'],
  ['layers', 'prior'],
  ['layers', 'one code'],
] as const)(
  '%s, %s',
  async (name, mode) => {
    const run = RUNS[name] ?? null;
    const codes = CODES[mode] as CodeChoice;
    const checkpointDir = run && (await checkpointOf(root, run, (of) => (of === 'codebook' ? 1 : 0.3)));
    const drawn = await draw(checkpointDir, codes);
    for (const [sample, { logp, text, tokens }] of drawn.replies.entries()) {
      const ids = drawn.ids[sample] ?? [];
      expect(ids).toHaveLength(tokens);
      const given = await read(checkpointDir, codes, ids, sample);
      expect(sum(given)).toBeCloseTo(logp, 3);
      expect(given).toHaveLength(tokens);
      // What is shown leaves special tokens and white space at the ends out.
      if (run === null) expect(given.map((token) => token.text).join('')).toContain(text);
    }
  },
  120_000,
);

it('another policy gives the same tokens another log-probability', async () => {
  const checkpointDir = await checkpointOf(root, RUN, (of) => (of === 'codebook' ? 1 : 0.3));
  const codes: CodeChoice = { mode: 'weights', weights: [0, 1, 0] };
  const { ids } = await draw(checkpointDir, codes);
  const [own, base] = [
    await read(checkpointDir, codes, ids[0] ?? []),
    await read(null, { mode: 'none' }, ids[0] ?? []),
  ];
  expect(own.map(({ text }) => text)).toEqual(base.map(({ text }) => text));
  expect(Math.abs(sum(own) - sum(base))).toBeGreaterThan(0.01);
}, 120_000);

it('refuses ids that the model does not know', async () => {
  await expect(read(null, { mode: 'none' }, [5, 10_000_000])).rejects.toMatchObject({
    failure: { code: 'reply-tokens.unknown' },
  });
});
