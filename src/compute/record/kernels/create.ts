import { FacetError } from '#core/result.ts';
import { elementType } from '../backend.ts';
import { record } from '../kernel.ts';

export function registerCreate(): void {
  record('Fill', ({ builder, attributes }) => {
    const dtype = attributes.text('dtype');
    const type = dtype === 'undefined' ? 'float32' : elementType(dtype);
    return builder.uniform(attributes.number('value'), attributes.numbers('shape') ?? [], type);
  });
  record('ZerosLike', ({ builder, input }) => builder.uniform(0, input('x').shape, input('x').type));
  record('OnesLike', ({ builder, input }) => builder.uniform(1, input('x').shape, input('x').type));
  record('Range', ({ builder, attributes }) => {
    const [start, stop, step] = ['start', 'stop', 'step'].map((name) => attributes.number(name));
    const length = Math.max(0, Math.ceil((stop! - start!) / step!));
    const values = { length };
    const at = (_: unknown, index: number) => start! + index * step!;
    return attributes.text('dtype') === 'int32'
      ? builder.array(Int32Array.from(values, at), [length], 'int32')
      : builder.array(Float32Array.from(values, at), [length], 'float32');
  });
  record('LinSpace', ({ builder, attributes }) => {
    const [start, stop, count] = ['start', 'stop', 'num'].map((name) => attributes.number(name));
    const step = count! > 1 ? (stop! - start!) / (count! - 1) : 0;
    const data = Float32Array.from({ length: count! }, (_, index) => start! + index * step);
    return builder.array(data, [count!], 'float32');
  });
  for (const kernel of ['Multinomial']) {
    record(kernel, () => {
      throw new FacetError({
        code: 'compute.noise-in-graph',
        message: `${kernel} draws its own noise, which a compiled program would repeat on every run.`,
        fix: 'Make noise outside and pass it as an input.',
      });
    });
  }
}
