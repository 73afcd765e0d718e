import { FUNCTION_WORDS } from './functionWords.ts';

/**
 * Words that tell a code's prompts from the others: log-odds ratio with an informative Dirichlet prior, Monroe,
 * Colaresi and Quinn 2008, "Fightin' Words", eq. 16–22, on soft counts: a prompt's word counts for a code with
 * p(code | prompt), and once however often it stands in the prompt. English function words are left out.
 */

export interface KeywordOptions {
  /** Keywords of a code at most. */
  readonly limit?: number;
  /** Smallest z-score that counts; 1.96 is a two-sided 5 %. */
  readonly minimumScore?: number;
  /** Weight of the prior, in words: the corpus's own frequencies, scaled to this sum. */
  readonly priorWords?: number;
  /** Prompts that must hold a word. */
  readonly minimumPrompts?: number;
}

/** Lower-cased words of two letters and more, digits left out. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’-]*\p{L}/gu) ?? [];
}

interface Vocabulary {
  readonly words: readonly string[];
  /** Word numbers of each text, each once. */
  readonly texts: readonly (readonly number[])[];
}

function vocabularyOf(texts: readonly string[], minimumPrompts: number): Vocabulary {
  const sets = texts.map((text) => new Set(wordsOf(text).filter((word) => !FUNCTION_WORDS.has(word))));
  const found = new Map<string, number>();
  for (const set of sets) for (const word of set) found.set(word, (found.get(word) ?? 0) + 1);
  const words = [...found].filter(([, count]) => count >= minimumPrompts).map(([word]) => word);
  const numbers = new Map(words.map((word, number) => [word, number]));
  return {
    words,
    texts: sets.map((set) => [...set].flatMap((word) => numbers.get(word) ?? [])),
  };
}

/** z-score of each word's log-odds between one side's counts and the other's. */
function logOddsScores(inside: Float64Array, all: Float64Array, priorWords: number): Float64Array {
  const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
  const total = sum(all);
  const insideTotal = sum(inside);
  const outsideTotal = total - insideTotal;
  return all.map((count, word) => {
    const prior = (priorWords * count) / total;
    const here = (inside[word] as number) + prior;
    const there = Math.max(0, count - (inside[word] as number)) + prior;
    const oddsHere = Math.log(here / (insideTotal + priorWords - here));
    const oddsThere = Math.log(there / (outsideTotal + priorWords - there));
    return (oddsHere - oddsThere) / Math.sqrt(1 / here + 1 / there);
  });
}

/**
 * Keywords of every code, strongest first. `texts`: one a row; `weights`: rows × codes, row-major. Codes that
 * fire alike everywhere have none.
 */
export function codeKeywords(
  texts: readonly string[],
  weights: ArrayLike<number>,
  codes: number,
  options: KeywordOptions = {},
): string[][] {
  const { limit = 5, minimumScore = 1.96, priorWords = 100, minimumPrompts = 2 } = options;
  const vocabulary = vocabularyOf(texts, minimumPrompts);
  if (vocabulary.words.length < 2) return Array.from({ length: codes }, () => []);
  const all = new Float64Array(vocabulary.words.length);
  for (const words of vocabulary.texts) for (const word of words) all[word]! += 1;
  return Array.from({ length: codes }, (_, code) => {
    const inside = new Float64Array(vocabulary.words.length);
    for (const [row, words] of vocabulary.texts.entries()) {
      const weight = weights[row * codes + code] as number;
      for (const word of words) inside[word]! += weight;
    }
    const scores = logOddsScores(inside, all, priorWords);
    return [...scores.keys()]
      .filter((word) => (scores[word] as number) >= minimumScore)
      .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
      .slice(0, limit)
      .map((word) => vocabulary.words[word] as string);
  });
}
