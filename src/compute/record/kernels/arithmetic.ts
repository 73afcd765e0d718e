import { arithmetic, cast, elementwise, unary } from '../elementwise.ts';
import { record } from '../kernel.ts';

const ARITHMETIC = { Add: 'Add', Sub: 'Sub', Multiply: 'Mul' } as const;
const COMPARISONS = {
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
} as const;
const LOGICALS = { LogicalAnd: 'And', LogicalXor: 'Xor' } as const;

export function registerArithmetic(): void {
  for (const [kernel, op] of Object.entries(ARITHMETIC)) {
    record(kernel, ({ builder, input }) => arithmetic(builder, op, input('a'), input('b')));
  }
  record('RealDiv', ({ builder, input }) =>
    arithmetic(builder, 'Div', cast(builder, input('a'), 'float32'), cast(builder, input('b'), 'float32')),
  );
  record('AddN', ({ builder, list }) => list.reduce((sum, next) => arithmetic(builder, 'Add', sum, next)));
  for (const [kernel, op] of Object.entries({ Maximum: 'Max', Minimum: 'Min', Pow: 'Pow' })) {
    record(kernel, ({ builder, input }) =>
      elementwise(builder, op, [input('a'), input('b')], input('a').type),
    );
  }
  record('SquaredDifference', ({ builder, input }) => {
    const difference = arithmetic(builder, 'Sub', input('a'), input('b'));
    return arithmetic(builder, 'Mul', difference, difference);
  });

  // ONNX divides whole numbers towards zero, tfjs downwards: one less where a remainder has the other sign.
  record('FloorDiv', ({ builder, input }) => {
    const [a, b] = [input('a'), input('b')];
    const quotient = arithmetic(builder, 'Div', a, b);
    if (a.type === 'float32') return unary(builder, 'Floor', quotient);
    const zero = builder.scalar(0, 'int32');
    const rest = arithmetic(builder, 'Sub', a, arithmetic(builder, 'Mul', quotient, b));
    const negative = (x: typeof a) => elementwise(builder, 'Less', [x, zero], 'bool');
    const signsDiffer = elementwise(builder, 'Xor', [negative(rest), negative(b)], 'bool');
    const exact = elementwise(builder, 'Equal', [rest, zero], 'bool');
    const lower = elementwise(builder, 'And', [signsDiffer, unary(builder, 'Not', exact)], 'bool');
    return arithmetic(builder, 'Sub', quotient, cast(builder, lower, 'int32'));
  });
  record('Mod', ({ builder, input }) => {
    const [a, b] = [input('a'), input('b')];
    if (a.type !== 'float32') return elementwise(builder, 'Mod', [a, b], a.type);
    const whole = unary(builder, 'Floor', arithmetic(builder, 'Div', a, b));
    return arithmetic(builder, 'Sub', a, arithmetic(builder, 'Mul', whole, b));
  });

  for (const [kernel, op] of Object.entries(COMPARISONS)) {
    record(kernel, ({ builder, input }) => elementwise(builder, op, [input('a'), input('b')], 'bool'));
  }
  record('NotEqual', ({ builder, input }) =>
    unary(builder, 'Not', elementwise(builder, 'Equal', [input('a'), input('b')], 'bool')),
  );
  for (const [kernel, op] of Object.entries(LOGICALS)) {
    record(kernel, ({ builder, input }) => elementwise(builder, op, [input('a'), input('b')], 'bool'));
  }
  record('LogicalOr', ({ builder, input }) => {
    const sides = [input('a'), input('b')];
    if (builder.target.or) return elementwise(builder, 'Or', sides, 'bool');
    // By De Morgan: ¬(¬a ∧ ¬b).
    const neither = sides.map((side) => unary(builder, 'Not', side));
    return unary(builder, 'Not', elementwise(builder, 'And', neither, 'bool'));
  });
  record('LogicalNot', ({ builder, input }) => unary(builder, 'Not', input('x')));
  record('Select', ({ builder, input }) => {
    const [condition, then] = [input('condition'), input('t')];
    return elementwise(builder, 'Where', [condition, then, input('e')], then.type);
  });
}
