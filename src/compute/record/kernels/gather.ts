import { FacetError } from '#core/result.ts';
import type { GraphBuilder } from '../builder.ts';
import { arithmetic, cast, elementwise, expand } from '../elementwise.ts';
import { sizeOf, type Value } from '../graph.ts';
import { record } from '../kernel.ts';
import { reshape } from '../shapes.ts';

/**
 * Adds each row of `rows` (n, width) to the row of zeros (count, width) that `ids` (n) names; rows with a negative id
 * are dropped. ScatterElements, not ScatterND: on several threads ScatterND loses additions to the same row.
 */
function addRows(builder: GraphBuilder, rows: Value, ids: Value, count: number): Value {
  const [n, width] = rows.shape as [number, number];
  const zero = builder.scalar(0, 'int32');
  const negative = elementwise(builder, 'Less', [ids, zero], 'bool');
  const nothing = builder.scalar(0, rows.type);
  const kept = elementwise(builder, 'Where', [reshape(builder, negative, [n, 1]), nothing, rows], rows.type);
  const safe = reshape(builder, elementwise(builder, 'Max', [ids, zero], 'int32'), [n, 1]);
  const zeros = builder.uniform(0, [count, width], rows.type);
  const inputs = [zeros, expand(builder, safe, [n, width]), kept];
  return builder.emit('ScatterElements', inputs, zeros, { attributes: { axis: 0, reduction: 'add' } });
}

export function registerGather(): void {
  record('GatherV2', ({ builder, input, attributes }) => {
    const [x, indices] = [input('x'), input('indices')];
    const rank = x.shape.length;
    const axis = attributes.number('axis') < 0 ? attributes.number('axis') + rank : attributes.number('axis');
    if (attributes.number('batchDims') !== 0) {
      throw new FacetError({
        code: 'compute.missing-kernel',
        message: 'A gather with batchDims has no recording.',
        fix: 'Add the row offset to the indices and gather from the flattened array.',
      });
    }
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return builder.emit('Gather', [x, indices], { shape, type: x.type }, { attributes: { axis } });
  });
  record('GatherNd', ({ builder, input }) => {
    const [x, indices] = [input('params'), input('indices')];
    const depth = indices.shape.at(-1)!;
    const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(depth)];
    return builder.emit('GatherND', [x, cast(builder, indices, 'int64')], { shape, type: x.type });
  });
  record('UnsortedSegmentSum', ({ builder, input, attributes }) => {
    const [x, ids] = [input('x'), input('segmentIds')];
    const count = attributes.number('numSegments');
    const rest = x.shape.slice(ids.shape.length);
    const n = sizeOf(ids.shape);
    const rows = reshape(builder, x, [n, sizeOf(rest)]);
    return reshape(builder, addRows(builder, rows, reshape(builder, ids, [n]), count), [count, ...rest]);
  });
  record('ScatterNd', ({ builder, input, attributes }) => {
    const [indices, updates] = [input('indices'), input('updates')];
    const shape = attributes.numbers('shape') ?? [];
    const depth = indices.shape.at(-1)!;
    const n = sizeOf(indices.shape.slice(0, -1));
    // Row number in the array flattened over the indexed axes: Σ index·stride.
    const strides = shape.slice(0, depth).map((_, axis) => sizeOf(shape.slice(axis + 1, depth)));
    const scaled = arithmetic(
      builder,
      'Mul',
      reshape(builder, indices, [n, depth]),
      builder.array(Int32Array.from(strides), [depth], 'int32'),
    );
    const axes = builder.integers([1]);
    const ids = builder.emit(
      'ReduceSum',
      [scaled, axes],
      { shape: [n], type: 'int32' },
      { attributes: { keepdims: 0 } },
    );
    const width = sizeOf(shape.slice(depth));
    const rows = reshape(builder, updates, [n, width]);
    return reshape(builder, addRows(builder, rows, ids, sizeOf(shape.slice(0, depth))), shape);
  });
  record('TensorScatterUpdate', ({ builder, input }) => {
    const x = input('tensor');
    return builder.emit('ScatterND', [x, cast(builder, input('indices'), 'int64'), input('updates')], x);
  });
}
