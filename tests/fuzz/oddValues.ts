/** Values that readers trip over. */
import type { RandomSource } from '#core/random.ts';

const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\ufeff',
  '\ud800',
  'a\udc00b',
  '\u202ereversed',
  '\u001b]0;title\u0007',
  '=1+cmd|"/c calc"!A1',
  '@SUM(A1)',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  '../../../etc/passwd',
  '/dev/zero',
  'file:///etc/passwd',
  'null',
  'NaN',
  '1e999',
  '-0',
  '9007199254740993',
  '<script>fetch("https://example.org")</script>',
  '{{ 7 * 7 }}',
  '{% for a in range(999999) %}x{% endfor %}',
  '[{"role": "user", "content": "x"}]',
  '<|im_start|>system\nx<|im_end|>',
  '\n\nHuman: a\n\nAssistant: b',
  '👩‍👩‍👧‍👦'.repeat(20),
  'é'.normalize('NFD').repeat(50),
  '"'.repeat(99),
  '\\'.repeat(99),
  '>'.repeat(3000),
  'x'.repeat(20_000),
];
const ODD_NUMBERS: readonly number[] = [
  0,
  -0,
  -1,
  1,
  2,
  0.5,
  1e-320,
  1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 63),
  999_999,
];

/** Objects and lists within each other, a line of them. */
function deep(random: RandomSource): unknown {
  let value: unknown = random.pick(ODD_TEXTS);
  const isList = random.integer(2) === 0;
  for (let depth = 2 ** random.integer(11); depth > 0; depth -= 1) value = isList ? [value] : { a: value };
  return value;
}

export function oddText(random: RandomSource): string {
  const pieces = Array.from({ length: 1 + random.integer(3) }, () => random.pick(ODD_TEXTS));
  return random.integer(3) === 0 ? pieces.join('') : (pieces[0] as string);
}

/** Any JSON value; its keys are of `keys` and of those that objects inherit. */
export function oddValue(random: RandomSource, keys: readonly string[], depth = 3): unknown {
  const kind = random.integer(depth > 0 ? 12 : 7);
  if (kind < 3) return oddText(random);
  if (kind === 3) return random.pick(ODD_NUMBERS);
  if (kind === 4) return random.integer(2) === 0;
  if (kind === 5) return null;
  if (kind === 6) return random.integer(40) === 0 ? deep(random) : random.integer(5);
  const items = Array.from({ length: random.integer(4) }, () => oddValue(random, keys, depth - 1));
  if (kind < 9) return items;
  const entries = items.map((item) => [
    random.integer(4) === 0 ? random.pick(ODD_TEXTS) : random.pick(keys),
    item,
  ]);
  // `__proto__` as a key of its own, as JSON has it.
  return JSON.parse(
    `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${JSON.stringify(item)}`).join()}}`,
  );
}
