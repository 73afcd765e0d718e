/** Nodes that move values without changing them; those that would do nothing are left out. */
import { FacetError } from '#core/result.ts';
import type { GraphBuilder } from './builder.ts';
import { sameShape, sizeOf, type Value } from './graph.ts';

export function reshape(builder: GraphBuilder, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x;
  if (sizeOf(shape) !== sizeOf(x.shape)) {
    throw new FacetError({
      code: 'compute.bad-shape',
      message: `A reshape from [${x.shape.join(', ')}] to [${shape.join(', ')}] changes the number of values.`,
      fix: 'Keep the product of the dimensions.',
    });
  }
  if (x.known?.kind === 'uniform') return builder.uniform(x.known.value, shape, x.type);
  if (x.known?.kind === 'array') return builder.array(x.known.data, shape, x.type);
  // A reshape to a shape that is computed waits for something: see kernels/after.ts.
  const before = x.node?.op === 'Reshape' && x.node.inputs[1]?.known ? x.node.inputs[0] : null;
  if (before !== null && before !== undefined) return reshape(builder, before, shape);
  return builder.emit('Reshape', [x, builder.integers(shape)], { shape, type: x.type });
}

export function transpose(builder: GraphBuilder, x: Value, order: readonly number[]): Value {
  const shape = order.map((axis) => x.shape[axis]!);
  if (x.known?.kind === 'uniform') return builder.uniform(x.known.value, shape, x.type);
  // Only the order of axes longer than 1 moves anything.
  const long = order.filter((axis) => x.shape[axis] !== 1);
  if (long.every((axis, index) => index === 0 || axis > long[index - 1]!)) return reshape(builder, x, shape);
  const before = x.node?.op === 'Transpose' ? x.node : null;
  const earlier = before?.attributes.perm;
  if (before !== null && Array.isArray(earlier)) {
    const combined = order.map((axis) => Number(earlier[axis]));
    return transpose(builder, before.inputs[0]!, combined);
  }
  return builder.emit('Transpose', [x], { shape, type: x.type }, { attributes: { perm: [...order] } });
}

/** Values from `begin` (inclusive) to `end` (exclusive) along each axis. */
export function slice(
  builder: GraphBuilder,
  x: Value,
  begin: readonly number[],
  end: readonly number[],
): Value {
  const shape = begin.map((first, axis) => end[axis]! - first);
  if (sameShape(shape, x.shape)) return x;
  if (x.known?.kind === 'uniform') return builder.uniform(x.known.value, shape, x.type);
  const axes = shape.flatMap((length, axis) => (length === x.shape[axis] ? [] : [axis]));
  const pick = (bounds: readonly number[]) => builder.integers(axes.map((axis) => bounds[axis]!));
  const inputs = [x, pick(begin), pick(end), builder.integers(axes)];
  return builder.emit('Slice', inputs, { shape, type: x.type });
}

export function concat(builder: GraphBuilder, list: readonly Value[], axis: number): Value {
  const first = list[0]!;
  if (list.length === 1) return first;
  const along = list.reduce((sum, value) => sum + value.shape[axis]!, 0);
  for (const value of list) {
    if (value.type !== first.type || !sameShape(value.shape.with(axis, 0), first.shape.with(axis, 0))) {
      throw new FacetError({
        code: 'compute.bad-shape',
        message: `A concatenation along axis ${axis} got [${first.shape.join(', ')}] ${first.type} and [${value.shape.join(', ')}] ${value.type}.`,
        fix: 'Make all other axes and the types equal.',
      });
    }
  }
  const type = { shape: first.shape.with(axis, along), type: first.type };
  return builder.emit('Concat', list, type, { attributes: { axis } });
}

export function split(builder: GraphBuilder, x: Value, sizes: readonly number[], axis: number): Value[] {
  if (sizes.length === 1) return [x];
  const types = sizes.map((size) => ({ shape: x.shape.with(axis, size), type: x.type }));
  return builder.emitMany('Split', [x, builder.integers(sizes)], types, { attributes: { axis } });
}
