import { FacetError } from '#core/result.ts';
import type { GraphBuilder } from '../builder.ts';
import { arithmetic, unary } from '../elementwise.ts';
import { broadcastShape, type Value } from '../graph.ts';
import { record } from '../kernel.ts';
import { transpose } from '../shapes.ts';

/** A transposed operand as the array it came from: products take a flag instead of a copy. */
function untransposed(x: Value): { value: Value; flipped: boolean } {
  const order = x.node?.op === 'Transpose' ? x.node.attributes.perm : null;
  const before = x.node?.inputs[0];
  if (!Array.isArray(order) || before === null || before === undefined) return { value: x, flipped: false };
  const rank = order.length;
  const swapsLastTwo = order.every((axis, index) => {
    if (index === rank - 1) return axis === rank - 2;
    return index === rank - 2 ? axis === rank - 1 : axis === index;
  });
  return swapsLastTwo ? { value: before, flipped: true } : { value: x, flipped: false };
}

function swapped(builder: GraphBuilder, x: Value, really: boolean): Value {
  if (!really) return x;
  const axes = x.shape.map((_, axis) => axis);
  return transpose(builder, x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** AᵀB with at most this share of columns to rows is made as (BᵀA)ᵀ: packing the transposed operand costs more. */
const THIN = 4;

/** C = op(A)·op(B) over the last two axes; leading axes broadcast. */
export function matrixProduct(
  builder: GraphBuilder,
  left: Value,
  right: Value,
  transposeLeft: boolean,
  transposeRight: boolean,
): Value {
  const a = untransposed(left);
  const b = untransposed(right);
  const transA = a.flipped !== transposeLeft;
  const transB = b.flipped !== transposeRight;
  const [m, k] = transA ? [a.value.shape.at(-1), a.value.shape.at(-2)] : a.value.shape.slice(-2);
  const [k2, n] = transB ? [b.value.shape.at(-1), b.value.shape.at(-2)] : b.value.shape.slice(-2);
  const batch = broadcastShape(a.value.shape.slice(0, -2), b.value.shape.slice(0, -2));
  if (m === undefined || k === undefined || n === undefined || k !== k2 || batch === null) {
    const side = (value: Value, flag: boolean) => `[${value.shape.join(', ')}]${flag ? 'ᵀ' : ''}`;
    throw new FacetError({
      code: 'compute.bad-shape',
      message: `A matrix product got ${side(a.value, transA)} and ${side(b.value, transB)}.`,
      fix: 'Make the columns of the first equal to the rows of the second.',
    });
  }
  const type = { shape: [...batch, m, n], type: left.type };
  const inputs = [a.value, b.value];
  if (transA && n * THIN <= m && builder.target.fusedMatMul) {
    // Not Gemm: ONNX Runtime would fold the transpose into it again.
    const flags = { attributes: { transA: transB ? 0 : 1, transB: 0 } };
    const wide = { shape: [...batch, n, m], type: left.type };
    const product = builder.emit('FusedMatMul', [b.value, a.value], wide, {
      domain: 'com.microsoft',
      ...flags,
    });
    return swapped(builder, product, true);
  }
  if (!transA && !transB) return builder.emit('MatMul', inputs, type);
  const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0 };
  if (a.value.shape.length === 2 && b.value.shape.length === 2) {
    return builder.emit('Gemm', inputs, type, { attributes });
  }
  if (!builder.target.fusedMatMul) {
    const [first, second] = [swapped(builder, a.value, transA), swapped(builder, b.value, transB)];
    return builder.emit('MatMul', [first, second], type);
  }
  return builder.emit('FusedMatMul', inputs, type, { domain: 'com.microsoft', attributes });
}

const ACTIVATIONS: Readonly<Record<string, string | null>> = {
  linear: null,
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  elu: 'Elu',
};

export function registerMatmul(): void {
  record('BatchMatMul', ({ builder, input, attributes }) =>
    matrixProduct(
      builder,
      input('a'),
      input('b'),
      attributes.flag('transposeA'),
      attributes.flag('transposeB'),
    ),
  );
  record('_FusedMatMul', ({ builder, input, optional, attributes }) => {
    const [transA, transB] = [attributes.flag('transposeA'), attributes.flag('transposeB')];
    const product = matrixProduct(builder, input('a'), input('b'), transA, transB);
    const bias = optional('bias');
    const sum = bias === null ? product : arithmetic(builder, 'Add', product, bias);
    const activation = ACTIVATIONS[attributes.text('activation')];
    if (activation === undefined) {
      throw new FacetError({
        code: 'compute.missing-kernel',
        message: `A fused matrix product with the activation ${attributes.text('activation')} has no recording.`,
        fix: 'Apply the activation as an operation of its own.',
      });
    }
    return activation === null ? sum : unary(builder, activation, sum);
  });
}
