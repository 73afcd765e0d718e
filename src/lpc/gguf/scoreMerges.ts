/**
 * BPE merges of a SentencePiece vocabulary that states scores alone. SentencePiece joins the two neighbours whose joint
 * piece has the highest score; so the merge of a piece ranks by that piece's score, and of the ways to split one piece
 * the halves that come earlier in the vocabulary rank first.
 */
export function mergesFromScores(tokens: readonly string[], scores: ArrayLike<number>): string[] {
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) if (!ids.has(token)) ids.set(token, id);
  // Of a quarter of a million pieces: numbers alone are kept and ordered.
  const [wholes, firsts, seconds]: [number[], number[], number[]] = [[], [], []];
  for (let id = 0; id < tokens.length; id += 1) {
    const token = tokens[id] as string;
    for (let cut = 1; cut < token.length; cut += 1) {
      if (isLowSurrogate(token.charCodeAt(cut))) continue;
      const first = ids.get(token.slice(0, cut));
      const second = first === undefined ? undefined : ids.get(token.slice(cut));
      if (first === undefined || second === undefined) continue;
      wholes.push(id);
      firsts.push(first);
      seconds.push(second);
    }
  }
  const at = (list: ArrayLike<number>, index: number): number => list[index] as number;
  const order = Uint32Array.from(wholes.keys()).sort(
    (a, b) =>
      at(scores, at(wholes, b)) - at(scores, at(wholes, a)) ||
      at(firsts, a) - at(firsts, b) ||
      at(seconds, a) - at(seconds, b),
  );
  return Array.from(order, (index) => `${tokens[at(firsts, index)]} ${tokens[at(seconds, index)]}`);
}

/** The second half of a character beyond 16 bits. */
const isLowSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;
