/**
 * BPE merges of a SentencePiece vocabulary that states scores alone. SentencePiece joins the two neighbours whose joint
 * piece has the highest score; so the merge of a piece ranks by that piece's score, and of the ways to split one piece
 * the halves that come earlier in the vocabulary rank first.
 */
export function mergesFromScores(tokens: readonly string[], scores: ArrayLike<number>): string[] {
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) if (!ids.has(token)) ids.set(token, id);
  const merges: {
    readonly text: string;
    readonly score: number;
    readonly first: number;
    readonly second: number;
  }[] = [];
  for (const [id, token] of tokens.entries()) {
    const characters = Array.from(token);
    for (let cut = 1; cut < characters.length; cut += 1) {
      const left = characters.slice(0, cut).join('');
      const right = characters.slice(cut).join('');
      const [first, second] = [ids.get(left), ids.get(right)];
      if (first === undefined || second === undefined) continue;
      merges.push({ text: `${left} ${right}`, score: scores[id] as number, first, second });
    }
  }
  merges.sort((a, b) => b.score - a.score || a.first - b.first || a.second - b.second);
  return merges.map(({ text }) => text);
}
