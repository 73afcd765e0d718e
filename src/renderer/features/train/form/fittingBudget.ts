/** The largest token budget whose run fits in memory, found by asking for estimates. Pure but for what it is given. */

/** Share of the machine's memory that a run may take. */
const MOST_MEMORY = 0.8;
const LEAST_BUDGET = 64;

export interface BudgetEstimate {
  readonly peakBytes: number;
  readonly memoryBytes: number;
  /** Pairs that are longer than the limits, and cut. */
  readonly pairsCut: number;
}

export interface FoundBudget {
  readonly tokenBudget: number;
  readonly pairsCut: number;
}

/** Halves `tokens` until the estimate fits; null where not even the smallest does: the weights alone are too much. */
export async function fittingBudget(
  tokens: number,
  estimate: (tokenBudget: number) => Promise<BudgetEstimate>,
  onTry: (tokenBudget: number) => void = () => undefined,
): Promise<FoundBudget | null> {
  for (let budget = Math.floor(tokens / 2); budget >= LEAST_BUDGET; budget = Math.floor(budget / 2)) {
    onTry(budget);
    const { peakBytes, memoryBytes, pairsCut } = await estimate(budget);
    if (peakBytes <= MOST_MEMORY * memoryBytes) return { tokenBudget: budget, pairsCut };
  }
  return null;
}
