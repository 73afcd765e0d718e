/** For tests: files damaged at random, the same way for the same seed. */
import { type RandomSource, randomSource } from '#core/random.ts';

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  '',
  'x',
  '\u0000',
  '../../etc/passwd',
  '[',
  '(a+)+$',
  'toString',
  '__proto__',
  [],
  {},
  [[]],
  [null],
];
const ODD_NUMBERS = ['0', '-1', '1e999', '18446744073709551615', '9007199254740993', '4294967296', 'NaN'];

const pick = <T>(random: RandomSource, list: readonly T[]): T => list[random.integer(list.length)] as T;

/** Bytes flipped, cut out, doubled, put in, cut off. */
function damagedBytes(random: RandomSource, bytes: Buffer): Buffer {
  const at = random.integer(bytes.length + 1);
  const length = random.integer(Math.min(64, bytes.length - at + 1));
  const [before, piece, after] = [
    bytes.subarray(0, at),
    bytes.subarray(at, at + length),
    bytes.subarray(at + length),
  ];
  switch (random.integer(6)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.concat([before, piece, piece, after]);
    case 2:
      return Buffer.concat([before, Buffer.from(Array.from(piece, () => random.integer(256))), after]);
    case 3:
      return Buffer.from(before);
    case 4: {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped[at] = (flipped[at] as number) ^ (1 << random.integer(8));
      return flipped;
    }
    default: {
      // A number of the text becomes an extreme one.
      const text = bytes.toString('latin1');
      const numbers = [...text.matchAll(/\d+/g)];
      const found = numbers.length > 0 ? pick(random, numbers) : null;
      if (!found) return bytes;
      const end = found.index + found[0].length;
      return Buffer.from(
        `${text.slice(0, found.index)}${pick(random, ODD_NUMBERS)}${text.slice(end)}`,
        'latin1',
      );
    }
  }
}

type Container = Record<string, unknown> | unknown[];
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** A place inside a value: a walk down of random length. */
function place(random: RandomSource, root: Container): { holder: Container; key: string } | null {
  let holder = root;
  for (;;) {
    const keys = Object.keys(holder);
    if (keys.length === 0) return null;
    const key = pick(random, keys);
    const inner = (holder as Record<string, unknown>)[key];
    if (!isContainer(inner) || Object.keys(inner).length === 0 || random.integer(3) === 0)
      return { holder, key };
    holder = inner;
  }
}

/** A field becomes something else, moves or vanishes. */
function damagedJson(random: RandomSource, text: string): string {
  const root: unknown = JSON.parse(text);
  if (!isContainer(root)) return text;
  const target = place(random, root);
  if (!target) return text;
  const holder = target.holder as Record<string, unknown>;
  const other = place(random, root);
  if (random.integer(4) === 0) delete holder[target.key];
  else if (random.integer(3) === 0 && other)
    holder[target.key] = structuredClone((other.holder as Record<string, unknown>)[other.key]);
  else holder[target.key] = pick(random, ODD_VALUES);
  return JSON.stringify(root);
}

/** `bytes`, JSON where `isJson`, with one to four faults. */
export function mutated(
  seed: number,
  stream: string,
  counter: number,
  bytes: Buffer,
  isJson: boolean,
): Buffer {
  const random = randomSource({ seed, stream, counter: counter * 65_536 });
  let result = bytes;
  let intact = isJson;
  for (let fault = random.integer(4); fault >= 0; fault--) {
    if (intact && random.integer(3) > 0) result = Buffer.from(damagedJson(random, result.toString('utf8')));
    else {
      result = damagedBytes(random, result);
      intact = false;
    }
  }
  return result;
}
