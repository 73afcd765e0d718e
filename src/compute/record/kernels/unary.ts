import { arithmetic, cast, elementwise, unary } from '../elementwise.ts';
import { record } from '../kernel.ts';

/** Kernels that ONNX has under the same or another name. */
const DIRECT: Readonly<Record<string, string>> = {
  Neg: 'Neg',
  Exp: 'Exp',
  Log: 'Log',
  Sqrt: 'Sqrt',
  Sigmoid: 'Sigmoid',
  Tanh: 'Tanh',
  Softplus: 'Softplus',
  Abs: 'Abs',
  Reciprocal: 'Reciprocal',
  Sign: 'Sign',
  Floor: 'Floor',
  Ceil: 'Ceil',
  Round: 'Round',
  Erf: 'Erf',
  Cos: 'Cos',
  Sin: 'Sin',
  Tan: 'Tan',
  Relu: 'Relu',
  Acos: 'Acos',
  Asin: 'Asin',
  Atan: 'Atan',
  Cosh: 'Cosh',
  Sinh: 'Sinh',
};

export function registerUnary(): void {
  for (const [kernel, op] of Object.entries(DIRECT)) {
    record(kernel, ({ builder, input }) => unary(builder, op, input('x')));
  }
  record('Identity', ({ input }) => input('x'));
  record('IsNan', ({ builder, input }) =>
    builder.emit('IsNaN', [input('x')], { shape: input('x').shape, type: 'bool' }),
  );
  record('IsInf', ({ builder, input }) =>
    builder.emit('IsInf', [input('x')], { shape: input('x').shape, type: 'bool' }),
  );
  record('Cast', ({ builder, input, attributes }) => {
    const dtype = attributes.text('dtype');
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') throw new Error(`cast to ${dtype}`);
    return cast(builder, input('x'), dtype);
  });
  record('Square', ({ builder, input }) => arithmetic(builder, 'Mul', input('x'), input('x')));
  record('Rsqrt', ({ builder, input }) => unary(builder, 'Reciprocal', unary(builder, 'Sqrt', input('x'))));

  // log(1+x) = x·log(u)/(u−1) with u = 1+x rounded: the rounding error cancels (Higham, "Accuracy and Stability", §1.14).
  record('Log1p', ({ builder, input }) => {
    const x = input('x');
    const one = builder.scalar(1, 'float32');
    const rounded = arithmetic(builder, 'Add', x, one);
    const tiny = elementwise(builder, 'Equal', [rounded, one], 'bool');
    const below = arithmetic(builder, 'Sub', rounded, one);
    const safe = elementwise(builder, 'Where', [tiny, one, below], 'float32');
    const quotient = arithmetic(builder, 'Div', unary(builder, 'Log', rounded), safe);
    const infinite = elementwise(builder, 'Equal', [x, builder.scalar(Infinity, 'float32')], 'bool');
    const value = elementwise(
      builder,
      'Where',
      [tiny, x, arithmetic(builder, 'Mul', x, quotient)],
      'float32',
    );
    return elementwise(builder, 'Where', [infinite, x, value], 'float32');
  });
  // exp(x)−1 = 2t/(1−t) with t = tanh(x/2) near 0, where the plain form cancels.
  record('Expm1', ({ builder, input }) => {
    const x = input('x');
    const number = (value: number) => builder.scalar(value, 'float32');
    const t = unary(builder, 'Tanh', arithmetic(builder, 'Mul', x, number(0.5)));
    const near = arithmetic(
      builder,
      'Div',
      arithmetic(builder, 'Mul', t, number(2)),
      arithmetic(builder, 'Sub', number(1), t),
    );
    const far = arithmetic(builder, 'Sub', unary(builder, 'Exp', x), number(1));
    const small = elementwise(builder, 'Less', [unary(builder, 'Abs', x), number(0.5)], 'bool');
    return elementwise(builder, 'Where', [small, near, far], 'float32');
  });

  record('Step', ({ builder, input, attributes }) => {
    const x = input('x');
    const alpha = attributes.number('alpha');
    const positive = elementwise(builder, 'Greater', [x, builder.scalar(0, x.type)], 'bool');
    if (alpha === 0) return cast(builder, positive, x.type);
    const [one, below] = [builder.scalar(1, x.type), builder.scalar(alpha, x.type)];
    return elementwise(builder, 'Where', [positive, one, below], x.type);
  });
  record('LeakyRelu', ({ builder, input, attributes }) =>
    unary(builder, 'LeakyRelu', input('x'), { attributes: { alpha: { float: attributes.number('alpha') } } }),
  );
  record('Elu', ({ builder, input }) => unary(builder, 'Elu', input('x')));
  record('ClipByValue', ({ builder, input, attributes }) => {
    const x = input('x');
    const [low, high] = [attributes.number('clipValueMin'), attributes.number('clipValueMax')];
    const bounds = [builder.scalar(low, x.type), builder.scalar(high, x.type)];
    return builder.emit('Clip', [x, ...bounds], { shape: x.shape, type: x.type });
  });
  record('Relu6', ({ builder, input }) => {
    const x = input('x');
    const bounds = [builder.scalar(0, x.type), builder.scalar(6, x.type)];
    return builder.emit('Clip', [x, ...bounds], { shape: x.shape, type: x.type });
  });
}
