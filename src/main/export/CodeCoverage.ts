import { perplexity } from '#core/statistics.ts';
import type { RunCodes } from '../data/promptCodes.ts';

/** Which codes of a run the prompts of an export cover. Pure but for what it asks of the run. */
export class CodeCoverage {
  readonly #run: RunCodes;
  readonly #seen = new Set<number>();
  #known = 0;
  #mass = new Float64Array(0);
  #first = new Float64Array(0);

  constructor(run: RunCodes) {
    this.#run = run;
  }

  add(promptId: number): void {
    if (this.#seen.has(promptId)) return;
    this.#seen.add(promptId);
    const weights = this.#run.weights(promptId);
    if (!weights) return;
    if (this.#known === 0) {
      this.#mass = new Float64Array(weights.length);
      this.#first = new Float64Array(weights.length);
    }
    this.#known += 1;
    let strongest = 0;
    for (const [code, weight] of weights.entries()) {
      this.#mass[code]! += weight;
      if (weight > (weights[strongest] as number)) strongest = code;
    }
    this.#first[strongest]! += 1;
  }

  lines(): string[] {
    const { run } = this.#run;
    if (this.#known === 0) return [`Codes of ${run}: none of the ${this.#seen.size} prompts has any.`, ''];
    const rows = Array.from(this.#mass, (mass, code) => {
      const share = (100 * mass) / this.#known;
      return `| ${code} | ${share.toFixed(1)} % | ${this.#first[code]} |`;
    });
    const used = this.#first.filter((count) => count > 0).length;
    return [
      `Codes of ${run}: known of ${this.#known} of ${this.#seen.size} prompts; ${used} of ${rows.length} codes are the strongest of some prompt; perplexity ${perplexity(this.#mass).toFixed(2)}.`,
      '',
      '| code | share of the weight | strongest of prompts |',
      '| --- | --- | --- |',
      ...rows,
      '',
    ];
  }
}
