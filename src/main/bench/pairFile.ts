/** A made-up pair file, the same for the same seed: words of a natural frequency, some Chinese, some code. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FUNCTION_WORDS } from '#core/functionWords.ts';
import { writeJsonLines } from '#disk/lines.ts';

const WORDS = 40_000;
const SYLLABLES =
  'ba co di fer gu hal is jo ka len mi nor op qua ri sta tu ver wi xen yal zo th er in ou st'.split(' ');
const CHINESE = ['我的时钟慢了三分钟，怎么校准？', '请用礼貌的语气回答。', '这段代码为什么会崩溃？'];
const CODE = ['How do I write templates in C++?', 'Why is x <= y false in C#?'];

/** Numbers in [0, 1) by a linear congruence: fast, and good enough to make text. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function vocabulary(next: () => number): string[] {
  const words = [...FUNCTION_WORDS];
  while (words.length < WORDS) {
    const syllables = 1 + Math.floor(4 * next());
    let word = '';
    for (let count = 0; count < syllables; count++) word += SYLLABLES[Math.floor(SYLLABLES.length * next())];
    words.push(word);
  }
  return words;
}

function* rows(count: number, seed: number): Generator<object> {
  const next = numbers(seed);
  const words = vocabulary(numbers(1));
  // The r-th word comes up in proportion to 1/r, as in natural text.
  const word = () => words[Math.floor(WORDS ** next()) - 1] as string;
  const sentence = () => {
    const length = 6 + Math.floor(9 * next());
    let text = word();
    for (let position = 1; position < length; position++) text += ` ${word()}`;
    return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
  };
  const text = (most: number) => Array.from({ length: 1 + Math.floor(most * next()) }, sentence).join(' ');
  for (let row = 0; row < count; row++) {
    const extra = row % 50 === 0 ? ` ${CHINESE[row % 3]}` : row % 77 === 0 ? ` ${CODE[row % 2]}` : '';
    const [prompt, chosen, rejected] = [text(3) + extra, text(5), text(5)];
    yield { id: `${seed}-${row}`, prompt, chosen, rejected, source: `set-${row % 5}` };
  }
}

/** In a process of its own: what making it takes is no memory of the one that is measured. */
export async function pairFile(path: string, count: number, seed: number): Promise<void> {
  await promisify(execFile)(process.execPath, [import.meta.filename, path, String(count), String(seed)]);
}

if (process.argv[1] === import.meta.filename) {
  const [path, count, seed] = process.argv.slice(2) as [string, string, string];
  await writeJsonLines(path, rows(Number(count), Number(seed)));
}
