import type { GraphBuilder } from '../builder.ts';
import { cast, elementwise } from '../elementwise.ts';
import type { Value } from '../graph.ts';
import { type Attributes, record, resolveAxes } from '../kernel.ts';

function reduce(builder: GraphBuilder, op: string, x: Value, attributes: Attributes): Value {
  const axes = resolveAxes(
    attributes.numbers('axis') ?? attributes.numbers('reductionIndices'),
    x.shape.length,
  );
  if (axes.length === 0) return x;
  const keep = attributes.flag('keepDims');
  const shape = x.shape.flatMap((length, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [length]));
  const inputs = [x, builder.integers(axes)];
  return builder.emit(op, inputs, { shape, type: x.type }, { attributes: { keepdims: keep ? 1 : 0 } });
}

export function registerReduce(): void {
  for (const [kernel, op] of Object.entries({
    Sum: 'ReduceSum',
    Max: 'ReduceMax',
    Min: 'ReduceMin',
    Prod: 'ReduceProd',
  })) {
    record(kernel, ({ builder, input, attributes }) => reduce(builder, op, input('x'), attributes));
  }
  record('Mean', ({ builder, input, attributes }) =>
    reduce(builder, 'ReduceMean', cast(builder, input('x'), 'float32'), attributes),
  );
  for (const [kernel, op] of Object.entries({ All: 'ReduceMin', Any: 'ReduceMax' })) {
    record(kernel, ({ builder, input, attributes }) => {
      const numbers = cast(builder, input('x'), 'int32');
      return cast(builder, reduce(builder, op, numbers, attributes), 'bool');
    });
  }
  for (const kernel of ['ArgMax', 'ArgMin']) {
    record(kernel, ({ builder, input, attributes }) => {
      const x = input('x');
      const [axis] = resolveAxes(attributes.numbers('axis') ?? [0], x.shape.length);
      const type = { shape: x.shape.toSpliced(axis!, 1), type: 'int64' as const };
      return cast(
        builder,
        builder.emit(kernel, [x], type, { attributes: { axis: axis!, keepdims: 0 } }),
        'int32',
      );
    });
  }
  record('Softmax', ({ builder, input, attributes }) => {
    const x = input('logits');
    return builder.emit('Softmax', [x], x, { attributes: { axis: attributes.number('dim') } });
  });
  record('LogSoftmax', ({ builder, input, attributes }) => {
    const x = input('logits');
    return builder.emit('LogSoftmax', [x], x, { attributes: { axis: attributes.number('axis') } });
  });
  record('Cumsum', ({ builder, input, attributes }) => {
    const x = input('x');
    const [axis] = resolveAxes(attributes.numbers('axis') ?? [0], x.shape.length);
    const flags = {
      exclusive: attributes.flag('exclusive') ? 1 : 0,
      reverse: attributes.flag('reverse') ? 1 : 0,
    };
    return builder.emit('CumSum', [x, builder.scalar(axis!, 'int32')], x, { attributes: flags });
  });
  record('TopK', ({ builder, input, attributes }) => {
    const x = input('x');
    const k = attributes.number('k');
    const shape = x.shape.with(-1, k);
    const types = [
      { shape, type: x.type },
      { shape, type: 'int64' as const },
    ];
    const [values, indices] = builder.emitMany('TopK', [x, builder.integers([k])], types);
    return [values!, cast(builder, indices!, 'int32')];
  });
  record('OneHot', ({ builder, input, attributes }) => {
    // Not ONNX's OneHot: it counts −1 from the end, where tfjs gives a row of `offValue`.
    const indices = input('indices');
    const depth = attributes.number('depth');
    const column = builder.emit('Reshape', [indices, builder.integers([...indices.shape, 1])], {
      shape: [...indices.shape, 1],
      type: 'int32',
    });
    const codes = builder.array(
      Int32Array.from({ length: depth }, (_, code) => code),
      [depth],
      'int32',
    );
    const hit = elementwise(builder, 'Equal', [column, codes], 'bool');
    const type = attributes.text('dtype') === 'int32' ? 'int32' : 'float32';
    const [on, off] = [attributes.number('onValue'), attributes.number('offValue')];
    if (on === 1 && off === 0) return cast(builder, hit, type);
    return elementwise(builder, 'Where', [hit, builder.scalar(on, type), builder.scalar(off, type)], type);
  });
}
