/** A small training step that ranks engines: two layers, a softmax loss, gradients and an update. */
import type { Engine, Program } from '../program.ts';
import { tf } from '../tf.ts';

const [ROWS, WIDTH, CLASSES] = [128, 128, 256];
const WARM_RUNS = 1;
const TIMED_RUNS = 3;

export const PROBE: Program = {
  name: 'engine-probe',
  inputs: { x: { shape: [ROWS, WIDTH], dtype: 'float32' }, y: { shape: [ROWS], dtype: 'int32' } },
  state: ['w1', 'w2'],
  constants: [],
  build: ({ inputs, state }) => {
    const loss = (w1: tf.Tensor, w2: tf.Tensor): tf.Scalar => {
      const hidden = tf.relu(tf.matMul(inputs.x!, w1));
      const logits = tf.matMul(hidden, w2);
      const target = tf.oneHot(inputs.y!, CLASSES, 1, 0, 'float32');
      return tf.mean(tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1)));
    };
    const { value, grads } = tf.valueAndGrads(loss)([state.w1!, state.w2!]);
    const step = (weight: tf.Tensor, grad: tf.Tensor): tf.Tensor => tf.sub(weight, tf.mul(grad, 0.1));
    return {
      outputs: { loss: value },
      state: { w1: step(state.w1!, grads[0]!), w2: step(state.w2!, grads[1]!) },
    };
  },
};

/** Milliseconds that a step of the probe takes, the median of a few. */
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
    y: Int32Array.from({ length: ROWS }, (_, row) => (row * 37) % CLASSES),
  };
  const times: number[] = [];
  for (let run = 0; run < WARM_RUNS + TIMED_RUNS; run += 1) {
    const started = performance.now();
    await program.run(inputs);
    if (run >= WARM_RUNS) times.push(performance.now() - started);
  }
  await program.dispose();
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
