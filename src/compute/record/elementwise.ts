/** Element-by-element nodes, with the identities that gradients produce in plenty (x·1, x+0) folded away. */
import { FacetError } from '#core/result.ts';
import type { Emit, GraphBuilder } from './builder.ts';
import { broadcastShape, type ElementType, sameShape, type Value } from './graph.ts';
import { rotation } from './rotary.ts';

const FOLD: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};
/** Right operand that leaves the left as it is. */
const NEUTRAL: Readonly<Record<string, number>> = { Add: 0, Sub: 0, Mul: 1, Div: 1 };
const COMMUTES = new Set(['Add', 'Mul']);

const uniformOf = (value: Value): number | null =>
  value.known?.kind === 'uniform' ? value.known.value : null;

function shapeOf(op: string, inputs: readonly Value[]): number[] {
  let shape: number[] = [];
  for (const input of inputs) {
    const next = broadcastShape(shape, input.shape);
    if (next === null) {
      const shapes = inputs.map((value) => `[${value.shape.join(', ')}]`).join(' and ');
      throw new FacetError({
        code: 'compute.bad-shape',
        message: `${op} can't combine the shapes ${shapes}.`,
        fix: 'Make the last axes equal, or 1.',
      });
    }
    shape = next;
  }
  return shape;
}

/** Operands that are combined are of one type; a condition is of its own. */
function checkTypes(op: string, inputs: readonly Value[]): void {
  const [first, ...rest] = op === 'Where' ? inputs.slice(1) : inputs;
  const other = rest.find(({ type }) => type !== first?.type);
  if (other === undefined) return;
  throw new FacetError({
    code: 'compute.bad-dtype',
    message: `${op} was recorded with ${first?.type} and ${other.type}.`,
    fix: 'Cast one of the operands.',
  });
}

/** What an operand was before it was spread over a larger shape. */
function unexpanded(builder: GraphBuilder, value: Value): Value {
  const uniform = uniformOf(value);
  if (uniform !== null && value.shape.length > 0) return builder.scalar(uniform, value.type);
  return value.node?.op === 'Expand' ? (value.node.inputs[0] ?? value) : value;
}

/** Spreads a value over a larger shape. */
export function expand(builder: GraphBuilder, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  const uniform = uniformOf(x);
  if (uniform !== null) return builder.uniform(uniform, shape, x.type);
  return builder.emit('Expand', [x, builder.integers(shape)], { shape, type: x.type });
}

/** Any element-by-element node; spread and uniform operands shrink to scalars where the result keeps its shape. */
export function elementwise(
  builder: GraphBuilder,
  op: string,
  inputs: readonly Value[],
  type: ElementType,
  emit: Emit = {},
): Value {
  checkTypes(op, inputs);
  const shape = shapeOf(op, inputs);
  const shrunk = [...inputs];
  for (const [index, input] of inputs.entries()) {
    const smaller = unexpanded(builder, input);
    if (smaller === input) continue;
    const candidate = shrunk.with(index, smaller);
    if (sameShape(shapeOf(op, candidate), shape)) shrunk[index] = smaller;
  }
  return builder.emit(op, shrunk, { shape, type }, emit);
}

/** Add, Sub, Mul or Div of two values of one type. */
export function arithmetic(
  builder: GraphBuilder,
  op: 'Add' | 'Sub' | 'Mul' | 'Div',
  a: Value,
  b: Value,
): Value {
  checkTypes(op, [a, b]);
  const shape = shapeOf(op, [a, b]);
  const left = uniformOf(a);
  const right = uniformOf(b);
  if (left !== null && right !== null && a.type === 'float32') {
    return builder.uniform(Math.fround(FOLD[op]!(left, right)), shape, a.type);
  }
  if (right !== null && right === NEUTRAL[op]) return expand(builder, a, shape);
  if (left !== null && left === NEUTRAL[op] && COMMUTES.has(op)) return expand(builder, b, shape);
  return rotation(builder, op, a, b) ?? elementwise(builder, op, [a, b], a.type);
}

/** Node that takes one value and keeps its shape. */
export function unary(builder: GraphBuilder, op: string, x: Value, emit: Emit = {}): Value {
  return builder.emit(op, [x], { shape: x.shape, type: x.type }, emit);
}

export function cast(builder: GraphBuilder, x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  const uniform = uniformOf(x);
  if (uniform !== null) {
    const value =
      type === 'bool' ? Number(uniform !== 0) : type === 'float32' ? uniform : Math.trunc(uniform);
    return builder.uniform(value, x.shape, type);
  }
  return builder.emit('Cast', [x], { shape: x.shape, type }, { attributes: { to: TYPE_CODES[type] } });
}

/** `TensorProto.DataType` of the ONNX specification. */
export const TYPE_CODES: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
};
