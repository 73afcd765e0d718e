import { FacetError } from '#core/result.ts';
import { RMS_NORM } from '../../rmsNorm.ts';
import type { GraphBuilder } from '../builder.ts';
import { arithmetic, unary } from '../elementwise.ts';
import type { Value } from '../graph.ts';
import { record } from '../kernel.ts';

function composed(builder: GraphBuilder, x: Value, scale: Value, eps: number): Value[] {
  const rateType = { shape: x.shape.with(-1, 1), type: x.type };
  const inputs = [arithmetic(builder, 'Mul', x, x), builder.integers([x.shape.length - 1])];
  const mean = builder.emit('ReduceMean', inputs, rateType, { attributes: { keepdims: 1 } });
  const shifted = arithmetic(builder, 'Add', mean, builder.scalar(Math.fround(eps), x.type));
  const rate = unary(builder, 'Reciprocal', unary(builder, 'Sqrt', shifted));
  return [arithmetic(builder, 'Mul', arithmetic(builder, 'Mul', x, rate), scale), rate];
}

export function registerRmsNorm(): void {
  record(RMS_NORM, ({ builder, input, attributes }) => {
    const [x, scale, eps] = [input('x'), input('scale'), attributes.number('eps')];
    if (scale.shape.length !== 1 || scale.shape[0] !== x.shape.at(-1)) {
      throw new FacetError({
        code: 'compute.bad-shape',
        message: `A norm of [${x.shape.join(', ')}] got a scale of [${scale.shape.join(', ')}].`,
        fix: 'Make the scale as long as the last axis.',
      });
    }
    if (!builder.target.rmsNorm) return composed(builder, x, scale, eps);
    const types = [x, { shape: x.shape.with(-1, 1), type: x.type }];
    const flags = { axis: -1, epsilon: { float: eps }, stash_type: 1 };
    return builder.emitMany('SimplifiedLayerNormalization', [x, scale], types, { attributes: flags });
  });
}
