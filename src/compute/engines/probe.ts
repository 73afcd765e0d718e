/** A small training step that ranks engines: two layers, a softmax loss, gradients and an update. */
import { FacetError } from '#core/result.ts';
import type { Engine, Program } from '../program.ts';
import { tf } from '../tf.ts';

const [ROWS, WIDTH, CLASSES] = [128, 128, 256];
const WARM_RUNS = 1;
const TIMED_RUNS = 3;

const PROBE: Program = {
  name: 'engine-probe',
  inputs: { x: { shape: [ROWS, WIDTH], dtype: 'float32' }, y: { shape: [ROWS, CLASSES], dtype: 'float32' } },
  state: ['w1', 'w2'],
  constants: [],
  build: ({ inputs, state }) => {
    const loss = (w1: tf.Tensor, w2: tf.Tensor): tf.Scalar => {
      const hidden = tf.relu(tf.matMul(inputs.x!, w1));
      const logits = tf.matMul(hidden, w2);
      return tf.mean(tf.neg(tf.sum(tf.mul(inputs.y!, tf.logSoftmax(logits)), 1)));
    };
    const { value, grads } = tf.valueAndGrads(loss)([state.w1!, state.w2!]);
    const step = (weight: tf.Tensor, grad: tf.Tensor): tf.Tensor => tf.sub(weight, tf.mul(grad, 0.1));
    return {
      outputs: { loss: value },
      state: { w1: step(state.w1!, grads[0]!), w2: step(state.w2!, grads[1]!) },
    };
  },
};

/** Losses of the first runs, in float64, and how far an engine may be from them. */
const LOSSES = [5.5452538, 5.541163, 5.5388062, 5.5373361];
/** A third of what one update changes: state that is not written shows. */
const LARGEST_GAP = 2e-4;

function checkLoss(run: number, loss: number): void {
  const expected = LOSSES[run] as number;
  if (Math.abs(loss - expected) <= LARGEST_GAP * expected) return;
  throw new FacetError({
    code: 'compute.wrong-numbers',
    message: `its numbers are wrong: a loss of ${loss.toPrecision(5)} where ${expected.toPrecision(5)} is right.`,
    fix: 'Update the graphics driver, or use another engine.',
  });
}

/**
 * Milliseconds that a step of the probe takes, the median of a few. Throws `compute.wrong-numbers` where the losses are
 * not those of the step.
 */
export async function measure(engine: Engine): Promise<number> {
  const wave = (length: number, scale: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length }, (_, index) => Math.sin(index * 0.7) * scale);
  await engine.setState({
    w1: { spec: { shape: [WIDTH, WIDTH], dtype: 'float32' }, data: wave(WIDTH * WIDTH, 0.1) },
    w2: { spec: { shape: [WIDTH, CLASSES], dtype: 'float32' }, data: wave(WIDTH * CLASSES, 0.1) },
  });
  const program = await engine.compile(PROBE);
  const inputs = {
    x: wave(ROWS * WIDTH, 1),
    y: Float32Array.from({ length: ROWS * CLASSES }, (_, at) =>
      at % CLASSES === (Math.floor(at / CLASSES) * 37) % CLASSES ? 1 : 0,
    ),
  };
  const times: number[] = [];
  for (let run = 0; run < WARM_RUNS + TIMED_RUNS; run += 1) {
    const started = performance.now();
    const { loss } = await program.run(inputs);
    checkLoss(run, loss?.[0] ?? Number.NaN);
    if (run >= WARM_RUNS) times.push(performance.now() - started);
  }
  await program.dispose();
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
