/** Values and gradients against PyTorch's and TRL's, made by tests/golden/make_method.py and make_trl.py. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { LATENT_KINDS, OBJECTIVES, type Objective, tailWeightOf } from '#core/methods.ts';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { adamwStep, biasCorrections, firstMoment, secondMoment } from '../optimiser/adamw.ts';
import { membershipOf, scoresOfTokens } from '../programs/replyScores.ts';
import { responseMembership, sumByReply } from '../programs/rowInputs.ts';
import { gaussianKl, gaussianOf, reparameterise } from './gaussian.ts';
import { gumbelSoftmax, klDivergence, latentVector, mixCodes } from './latent.ts';
import { scorePairs } from './objectives.ts';

interface Golden {
  readonly pairs: number;
  readonly codes: number;
  readonly width: number;
  readonly logps: number[];
  readonly reference: number[];
  readonly lengths: number[];
  readonly objectives: {
    objective: RunConfig['objective'];
    settings: Partial<RunConfig>;
    loss: number[];
    gradient: number[];
  }[];
  readonly latent: Record<string, number[]> & { g: number; temperature: number };
  readonly gaussian: Record<string, number[]>;
  readonly adamw: {
    start: number[];
    rate: number;
    decay: number;
    clip: number;
    gradients: number[][];
    norms: number[];
    path: number[][];
  };
}
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../tests/golden/${name}`, import.meta.url), 'utf8'));
const golden = read('method.json') as Golden;
const cases = [
  ...golden.objectives.map((one) => ({ ...one, by: 'PyTorch' })),
  ...(read('trl.json') as Golden['objectives']).map((one) => ({ ...one, by: 'TRL' })),
];

const tokens = read('trl-tokens.json') as {
  /** Tokens of both replies of each pair. */
  readonly lengths: [number, number][];
  /** A value for each token, of the chosen reply, then of the rejected one, pair by pair. */
  readonly logps: number[];
  readonly reference: number[];
  /** The gradient is of the sum over the pairs. */
  readonly cases: Golden['objectives'];
};

const batches = read('trl-kto.json') as {
  readonly cases: readonly {
    readonly settings: Partial<RunConfig>;
    /** Tokens of the desirable, the undesirable and the unrelated reply of each row; 0 where there is none. */
    readonly lengths: [number, number, number][];
    /** A value for each token, reply by reply, row by row; the gradient is of the batch's loss. */
    readonly logps: number[];
    readonly reference: number[];
    readonly gradient: number[];
    readonly loss: number;
    readonly kl: number;
  }[];
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, index) => {
    expect(Math.abs((actual[index] as number) - value)).toBeLessThanOrEqual(
      1e-5 * Math.max(1, Math.abs(value)),
    );
  });
}

/** What holds each objective, and how docs/lpc.md calls it: a new one without its line here does not compile. */
const HELD: Readonly<Record<Objective, { readonly by: readonly string[]; readonly words: string }>> = {
  dpo: { by: ['PyTorch', 'TRL', 'TRL by token'], words: 'DPO `−log σ(βΔ)`' },
  ipo: { by: ['PyTorch', 'TRL'], words: 'IPO `(Δ − 1/(2β))²`' },
  simpo: { by: ['PyTorch', 'TRL'], words: 'SimPO `−log σ(margin − γ)`' },
  orpo: { by: ['TRL by token'], words: 'ORPO `NLL − β·log σ(' },
  cpo: { by: ['TRL by token'], words: 'CPO `−log σ(β·' },
  'robust-dpo': { by: ['TRL by token'], words: 'Robust DPO `((1 − ε)' },
  'ln-dpo': { by: ['TRL by token'], words: 'Length-normalised DPO `−log σ(βΔ̄)`' },
  'ld-dpo': { by: ['TRL by token'], words: 'LD-DPO `−log σ(βΔ)`' },
  kto: { by: ['TRL by batch'], words: 'KTO `λ_D (1 − σ(β(r_w − z₀)))`' },
};
const words = readFileSync(new URL('../../../docs/lpc.md', import.meta.url), 'utf8');

test.each(OBJECTIVES)('%s has its golden values and its words for users', (objective) => {
  const all = [
    ...cases,
    ...tokens.cases.map((one) => ({ ...one, by: 'TRL by token' })),
    ...batches.cases.map(() => ({ objective: 'kto', by: 'TRL by batch' })),
  ];
  const found = new Set(all.filter((one) => one.objective === objective).map(({ by }) => by));
  expect(found).toEqual(new Set(HELD[objective].by));
  expect(words).toContain(HELD[objective].words);
});

test('every kind of latent is described for users', () => {
  expect(LATENT_KINDS.filter((kind) => !words.includes(`\`${kind}\``))).toEqual([]);
});

describe.each(cases)('$objective $settings by $by', ({ objective, settings, loss, gradient }) => {
  const shape: [number, number] = [golden.pairs, 2];
  const lossOf = (logps: Tensor): Tensor =>
    scorePairs(
      { ...DEFAULT_RUN, ...settings, objective },
      { logps, reference: tf.tensor(golden.reference, shape), lengths: tf.tensor(golden.lengths, shape) },
    ).loss;

  test('loss and gradient are equal', () => {
    const logps = tf.tensor(golden.logps, shape);
    expectClose(lossOf(logps).dataSync(), loss);
    expectClose(
      tf
        .grad((x) => tf.mean(lossOf(x)))(logps)
        .dataSync(),
      gradient,
    );
  });
});

describe.each(tokens.cases)(
  '$objective $settings by TRL, by token',
  ({ objective, settings, loss, gradient }) => {
    const shape = {
      tokens: tokens.logps.length,
      responses: tokens.logps.length,
      pairs: tokens.lengths.length,
    };
    const config = { ...DEFAULT_RUN, ...settings, objective };
    const lossOf = (logps: Tensor): Tensor => {
      const sequence = tokens.lengths.flat().flatMap((length, at) => Array<number>(length).fill(at));
      const row = { responseSequence: tf.tensor(sequence, [shape.responses], 'int32') };
      const membership = responseMembership(row, shape, tailWeightOf(config));
      const sums = (values: Tensor) => sumByReply(values, membership, shape);
      const reference = sums(tf.tensor1d(tokens.reference));
      return scorePairs(config, { logps: sums(logps), reference, lengths: membership.lengths }).loss;
    };

    test('loss and gradient of every token are equal', () => {
      const logps = tf.tensor1d(tokens.logps);
      expectClose(lossOf(logps).dataSync(), loss);
      expectClose(
        tf
          .grad((x) => tf.sum(lossOf(x)))(logps)
          .dataSync(),
        gradient,
      );
    });
  },
);

describe.each(batches.cases)('KTO $settings of $lengths by TRL, by batch', (golden) => {
  const { lengths, settings, logps, reference, loss, gradient, kl } = golden;
  const pairs = lengths.length;
  const shape = { tokens: logps.length, responses: logps.length, pairs };
  const config: RunConfig = { ...DEFAULT_RUN, ...settings, objective: 'kto' };
  const sequenceOf = (pair: number, reply: number): number =>
    reply < 2 ? 2 * pair + reply : 2 * pairs + pair;
  const sequence = lengths.flatMap((row, pair) =>
    row.flatMap((length, reply) => Array<number>(length).fill(sequenceOf(pair, reply))),
  );
  const sumOf = (wanted: number): number =>
    reference.reduce((sum, value, at) => (sequence[at] === wanted ? sum + value : sum), 0);
  const labelled = lengths.flatMap((row) => row.slice(0, 2));
  const examples = labelled.filter(Boolean).length;
  const scoresOf = (values: Tensor) => {
    const inputs = {
      responseSequence: tf.tensor(sequence, [shape.responses], 'int32'),
      pairWeight: tf.ones([pairs]),
      reference: tf.tensor2d(lengths.map((_, pair) => [sumOf(2 * pair), sumOf(2 * pair + 1)])),
      unrelatedReference: tf.tensor1d(lengths.map((_, pair) => sumOf(2 * pairs + pair))),
    };
    return scoresOfTokens({ config, shape }, values, inputs, membershipOf({ config, shape }, inputs));
  };

  test('loss and gradient of every token are equal, those of unrelated replies 0', () => {
    const lossOf = (values: Tensor): Tensor => tf.div(tf.sum(scoresOf(values).loss), examples);
    const values = tf.tensor1d(logps);
    expectClose(lossOf(values).dataSync(), [loss]);
    expectClose(tf.grad(lossOf)(values).dataSync(), gradient);
  });

  test('a reply that is not there stands at the reference point', () => {
    const rewards = [...scoresOf(tf.tensor1d(logps)).rewards.dataSync()];
    const missing = labelled.map((length) => length === 0);
    expectClose(
      rewards.filter((_, at) => missing[at]),
      missing.filter(Boolean).map(() => config.beta * kl),
    );
  });
});

test('mixture, z, KL and their gradients equal PyTorch’s', () => {
  const { latent } = golden;
  const wide = (name: string): Tensor => tf.tensor(latent[name] as number[], [golden.pairs, golden.codes]);
  const codebook = tf.tensor(latent.codebook as number[], [golden.codes, golden.width]);
  const zOf = (prior: Tensor, posterior: Tensor, book: Tensor): Tensor =>
    latentVector(
      mixCodes(
        gumbelSoftmax(prior, wide('noisePrior'), latent.temperature),
        gumbelSoftmax(posterior, wide('noisePosterior'), latent.temperature),
        tf.scalar(latent.g),
      ),
      book,
    );
  const [prior, posterior] = [wide('prior'), wide('posterior')];
  expectClose(zOf(prior, posterior, codebook).dataSync(), latent.z as number[]);
  expectClose(klDivergence(posterior, prior).dataSync(), latent.kl as number[]);
  const gradients = tf.grads((p, q, e) =>
    tf.add(
      tf.sum(tf.square(zOf(p as Tensor, q as Tensor, e as Tensor))),
      tf.mean(klDivergence(q as Tensor, p as Tensor)),
    ),
  )([prior, posterior, codebook]);
  expectClose(gradients[0]?.dataSync() ?? [], latent.gradientPrior as number[]);
  expectClose(gradients[1]?.dataSync() ?? [], latent.gradientPosterior as number[]);
  expectClose(gradients[2]?.dataSync() ?? [], latent.gradientCodebook as number[]);
});

test('a Gaussian’s z, KL and their gradients equal PyTorch’s', () => {
  const { gaussian } = golden;
  const wide = (name: string, width: number): Tensor =>
    tf.tensor(gaussian[name] as number[], [golden.pairs, width]);
  const noise = wide('noise', golden.width);
  const [posterior, prior] = [wide('posterior', 2 * golden.width), wide('prior', 2 * golden.width)];
  const zOf = (output: Tensor): Tensor => reparameterise(gaussianOf(output), noise);
  const klOf = (q: Tensor, p: Tensor): Tensor => gaussianKl(gaussianOf(q), gaussianOf(p));
  expectClose(zOf(posterior).dataSync(), gaussian.z as number[]);
  expectClose(klOf(posterior, prior).dataSync(), gaussian.kl as number[]);
  const gradients = tf.grads((q, p) =>
    tf.add(tf.sum(tf.square(zOf(q as Tensor))), tf.mean(klOf(q as Tensor, p as Tensor))),
  )([posterior, prior]);
  expectClose(gradients[0]?.dataSync() ?? [], gaussian.gradientPosterior as number[]);
  expectClose(gradients[1]?.dataSync() ?? [], gaussian.gradientPrior as number[]);
});

test('AdamW with decay and clipping follows torch.optim.AdamW over six updates', () => {
  const { adamw } = golden;
  let state: Record<string, Tensor> = {
    w: tf.tensor(adamw.start, [3, 2]),
    [firstMoment('w')]: tf.zeros([3, 2]),
    [secondMoment('w')]: tf.zeros([3, 2]),
  };
  adamw.gradients.forEach((gradient, index) => {
    const corrections = biasCorrections(index + 1);
    const result = adamwStep({
      parameters: ['w'],
      state: (name) => state[name] as Tensor,
      gradients: { w: tf.tensor(gradient, [3, 2]) },
      ratesOf: () => ({
        learningRate: tf.scalar(adamw.rate),
        biasCorrection1: tf.scalar(corrections.first),
        biasCorrection2: tf.scalar(corrections.second),
      }),
      weightDecay: adamw.decay,
      decays: () => true,
      clipNorm: adamw.clip,
    });
    state = result.state;
    expectClose(result.gradNorm.dataSync(), [adamw.norms[index] as number]);
    expectClose((state.w as Tensor).dataSync(), adamw.path[index] as number[]);
  });
});
