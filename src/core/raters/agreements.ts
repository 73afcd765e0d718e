/** How often people who decided the same pair said the same. Pure. */

export interface RaterAgreement {
  readonly name: string;
  readonly pairs: number;
  /** Verdicts of others on these pairs, and how many of them say the same. */
  readonly others: number;
  readonly same: number;
}

/** Those with most pairs first. Verdicts of one pair come together. */
export function agreements(
  verdicts: Iterable<readonly [pairId: number, name: string, decision: string]>,
): RaterAgreement[] {
  const tallies = new Map<string, { pairs: number; others: number; same: number }>();
  let pair: number | null = null;
  let said: { readonly name: string; readonly decision: string }[] = [];
  const count = (): void => {
    for (const own of said) {
      const tally = tallies.get(own.name) ?? { pairs: 0, others: 0, same: 0 };
      tallies.set(own.name, {
        pairs: tally.pairs + 1,
        others: tally.others + said.length - 1,
        same: tally.same + said.filter((other) => other !== own && other.decision === own.decision).length,
      });
    }
  };
  for (const [pairId, name, decision] of verdicts) {
    if (pairId !== pair) {
      count();
      said = [];
      pair = pairId;
    }
    said.push({ name, decision });
  }
  count();
  return [...tallies]
    .map(([name, tally]) => ({ name, ...tally }))
    .sort((a, b) => b.pairs - a.pairs || (a.name < b.name ? -1 : 1));
}
