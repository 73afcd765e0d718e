import { beforeAll, describe, expect, test } from 'vitest';
import { tf } from '#compute/tf.ts';
import { batchEntropy, gumbelSoftmax, klDivergence, latentVector, mixCodes } from './latent.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const values = (make: () => import('#compute/program.ts').Tensor): number[] => [...tf.tidy(make).dataSync()];

describe('KL(q‖p)', () => {
  test('q = (3/4, 1/4), p = (1/2, 1/2): 3/4 ln 3/2 + 1/4 ln 1/2', () => {
    const [kl] = values(() => klDivergence(tf.tensor2d([[Math.log(3), 0]]), tf.tensor2d([[0, 0]])));
    expect(kl).toBeCloseTo(0.75 * Math.log(1.5) + 0.25 * Math.log(0.5), 6);
  });

  test('is zero when the logits differ by a constant', () => {
    const [kl] = values(() => klDivergence(tf.tensor2d([[1, 2, 3]]), tf.tensor2d([[11, 12, 13]])));
    expect(kl).toBeCloseTo(0, 6);
  });
});

describe('Gumbel-softmax', () => {
  test('without noise at τ = 1 it is the softmax; a small τ sharpens it', () => {
    const soft = values(() => gumbelSoftmax(tf.tensor2d([[Math.log(3), 0]]), tf.zeros([1, 2]), 1));
    expect(soft[0]).toBeCloseTo(0.75, 6);
    const sharp = values(() => gumbelSoftmax(tf.tensor2d([[Math.log(3), 0]]), tf.zeros([1, 2]), 0.5));
    expect(sharp[0]).toBeCloseTo(0.9, 6); // 3² / (3² + 1)
  });
});

test('at g = 1 the mixture is the prior bit for bit, at g = 0 the posterior', () => {
  const prior = tf.softmax(tf.randomNormal([7, 5], 0, 3, 'float32', 1));
  const posterior = tf.softmax(tf.randomNormal([7, 5], 0, 3, 'float32', 2));
  expect(values(() => mixCodes(prior, posterior, tf.scalar(1)))).toEqual([...prior.dataSync()]);
  expect(values(() => mixCodes(prior, posterior, tf.scalar(0)))).toEqual([...posterior.dataSync()]);
  tf.dispose([prior, posterior]);
});

test('z permuted together with the codebook changes nothing', () => {
  const order = [2, 0, 3, 1];
  const [plain, permuted] = tf.tidy(() => {
    const mixture = tf.softmax(tf.randomNormal([3, 4], 0, 1, 'float32', 3));
    const codebook = tf.randomNormal([4, 6], 0, 1, 'float32', 4);
    return [
      latentVector(mixture, codebook),
      latentVector(tf.gather(mixture, order, 1), tf.gather(codebook, order)),
    ];
  });
  const expected = plain?.dataSync() ?? [];
  (permuted?.dataSync() ?? []).forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index] as number, 5);
  });
});

describe('batch entropy', () => {
  test('is ln 2 when two prompts are sure of two different codes, 0 when they agree', () => {
    const half = tf.tensor1d([0.5, 0.5]);
    const [different] = values(() =>
      batchEntropy(
        tf.tensor2d([
          [40, 0],
          [0, 40],
        ]),
        half,
      ),
    );
    const [same] = values(() =>
      batchEntropy(
        tf.tensor2d([
          [40, 0],
          [40, 0],
        ]),
        half,
      ),
    );
    expect(different).toBeCloseTo(Math.LN2, 5);
    expect(same).toBeCloseTo(0, 5);
    half.dispose();
  });
});
