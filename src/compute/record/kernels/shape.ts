import { tf } from '../../tf.ts';
import { expand } from '../elementwise.ts';
import { record } from '../kernel.ts';
import { concat, reshape, slice, split, transpose } from '../shapes.ts';

const mutable = (shape: readonly number[]): number[] => [...shape];

export function registerShape(): void {
  record('Reshape', ({ builder, input, attributes }) => {
    const x = input('x');
    const size = tf.util.sizeFromShape(mutable(x.shape));
    return reshape(builder, x, tf.util.inferFromImplicitShape(attributes.numbers('shape') ?? [], size));
  });
  record('ExpandDims', ({ builder, input, attributes }) => {
    const x = input('input');
    const dim = attributes.number('dim');
    const axis = dim < 0 ? x.shape.length + dim + 1 : dim;
    return reshape(builder, x, x.shape.toSpliced(axis, 0, 1));
  });
  record('Transpose', ({ builder, input, attributes }) =>
    transpose(builder, input('x'), attributes.numbers('perm') ?? []),
  );
  record('Slice', ({ builder, input, attributes }) => {
    const x = input('x');
    const [begin, size] = tf.slice_util.parseSliceParams(
      { shape: mutable(x.shape), rank: x.shape.length } as tf.Tensor,
      attributes.numbers('begin') ?? 0,
      attributes.numbers('size') ?? undefined,
    );
    return slice(
      builder,
      x,
      begin!,
      begin!.map((first, axis) => first + size![axis]!),
    );
  });
  record('StridedSlice', ({ builder, input, attributes }) => {
    const x = input('x');
    const list = (name: string) => attributes.numbers(name) ?? [];
    const info = tf.slice_util.sliceInfo(
      mutable(x.shape),
      list('begin'),
      list('end'),
      list('strides'),
      attributes.number('beginMask'),
      attributes.number('endMask'),
      attributes.number('ellipsisMask'),
      attributes.number('newAxisMask'),
      attributes.number('shrinkAxisMask'),
    );
    // Backwards, an end before the first element can't be written as −1: that means the last one.
    const ends = info.end.map((end, axis) => (info.strides[axis]! < 0 && end < 0 ? -(2 ** 31) : end));
    const axes = info.begin.map((_, axis) => axis);
    const inputs = [info.begin, ends, axes, info.strides].map((values) => builder.integers(values));
    const type = { shape: info.finalShapeSparse, type: x.type };
    return reshape(builder, builder.emit('Slice', [x, ...inputs], type), info.finalShape);
  });
  record('Reverse', ({ builder, input, attributes }) => {
    const x = input('x');
    const axes = tf.util.parseAxisParam(attributes.numbers('dims') ?? [], mutable(x.shape));
    if (axes.length === 0) return x;
    const fill = (value: number) => builder.integers(axes.map(() => value));
    return builder.emit('Slice', [x, fill(-1), fill(-(2 ** 31)), builder.integers(axes), fill(-1)], x);
  });
  record('Concat', ({ builder, list, attributes }) => {
    const axis = tf.util.parseAxisParam(attributes.number('axis'), mutable(list[0]!.shape))[0]!;
    return concat(builder, list.length > 1 ? list.filter((value) => value.shape[axis] !== 0) : list, axis);
  });
  record('Pack', ({ builder, list, attributes }) => {
    const axis = attributes.number('axis');
    const at = axis < 0 ? list[0]!.shape.length + axis + 1 : axis;
    const parts = list.map((value) => reshape(builder, value, value.shape.toSpliced(at, 0, 1)));
    return concat(builder, parts, at);
  });
  record('SplitV', ({ builder, input, attributes }) => {
    const x = input('x');
    const axis = tf.util.parseAxisParam(attributes.number('axis'), mutable(x.shape))[0]!;
    const sizes = attributes.numbers('numOrSizeSplits') ?? [];
    const along = { shape: mutable(x.shape) } as tf.Tensor;
    const parts = tf.backend_util.prepareSplitSize(along, sizes.length === 1 ? sizes[0]! : sizes, axis);
    return split(builder, x, parts, axis);
  });
  record('Unpack', ({ builder, input, attributes }) => {
    const x = input('value');
    const axis = tf.util.parseAxisParam(attributes.number('axis'), mutable(x.shape))[0]!;
    const parts = split(builder, x, Array<number>(x.shape[axis]!).fill(1), axis);
    return parts.map((part) => reshape(builder, part, part.shape.toSpliced(axis, 1)));
  });
  record('Tile', ({ builder, input, attributes }) => {
    const x = input('x');
    const reps = attributes.numbers('reps') ?? [];
    const shape = x.shape.map((length, axis) => length * reps[axis]!);
    if (reps.every((rep, axis) => rep === 1 || x.shape[axis] === 1)) return expand(builder, x, shape);
    return builder.emit('Tile', [x, builder.integers(reps)], { shape, type: x.type });
  });
  record('BroadcastTo', ({ builder, input, attributes }) =>
    expand(builder, input('x'), attributes.numbers('shape') ?? []),
  );
  record('PadV2', ({ builder, input, attributes }) => {
    const x = input('x');
    const pads = attributes.pairs('paddings');
    if (pads.every(([before, after]) => before === 0 && after === 0)) return x;
    const shape = x.shape.map((length, axis) => length + pads[axis]![0] + pads[axis]![1]);
    const ends = builder.integers([...pads.map((pad) => pad[0]), ...pads.map((pad) => pad[1])]);
    const fill = builder.scalar(attributes.number('constantValue'), x.type);
    return builder.emit('Pad', [x, ends, fill], { shape, type: x.type });
  });
}
