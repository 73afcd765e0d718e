import { AFTER } from '../../after.ts';
import type { GraphBuilder } from '../builder.ts';
import { cast, elementwise } from '../elementwise.ts';
import type { Value } from '../graph.ts';
import { sizeOf } from '../graph.ts';
import { record } from '../kernel.ts';
import { reshape, slice } from '../shapes.ts';

/** The first element as an array of one: enough to wait for the whole. */
function firstElement(builder: GraphBuilder, x: Value): Value {
  return slice(builder, reshape(builder, x, [sizeOf(x.shape)]), [0], [1]);
}

/** A truth value that is known once all of `others` are; what it says is of no matter. */
function known(builder: GraphBuilder, others: readonly Value[]): Value {
  const firsts = others.map((other) => cast(builder, firstElement(builder, other), 'float32'));
  const one = { shape: [1], type: 'float32' as const };
  const largest = firsts.length === 1 ? firsts[0]! : builder.emit('Max', firsts, one);
  return elementwise(builder, 'Less', [largest, builder.scalar(0, 'float32')], 'bool');
}

/**
 * A choice between two equal things, by a condition that must be awaited. On the processor the things are shapes, and
 * the value passes through a reshape that copies nothing. Elsewhere a shape would have to come back from the device, so
 * the value itself is chosen.
 */
function recordAfter(builder: GraphBuilder, x: Value, others: readonly Value[]): Value {
  const awaited = others.filter(({ known: value }) => value === null);
  if (awaited.length === 0) return x;
  const condition = known(builder, awaited);
  if (!builder.target.shapesOnHost) return builder.emit('Where', [condition, x, x], x);
  const ranked = x.shape.length === 0 ? [1] : x.shape;
  const shape = builder.integers(ranked);
  const chosen = builder.emit('Where', [condition, shape, shape], shape);
  const same = builder.emit('Reshape', [x, chosen], { shape: ranked, type: x.type });
  return reshape(builder, same, x.shape);
}

export function registerAfter(): void {
  record(AFTER, ({ builder, input, list }) => recordAfter(builder, input('x'), list.slice(1)));
}
