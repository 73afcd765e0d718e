/** One label from what several people said. Pure. */
import { majority } from '#core/agreement.ts';
import type { Verdict } from '#core/preference.ts';
import { type ConsensusLabel, ConsensusLabels, type Opinion } from '#core/raters/ConsensusLabels.ts';
import type { LabelRule } from '#shared/dataEntities.ts';
import type { StandingRow } from '../data/exportRows.ts';

export interface Label {
  readonly verdict: Exclude<Verdict, 'skip'>;
  /** Whose it is, where it is one person's. */
  readonly annotator: string | null;
  /** How sure a consensus is of it, 0–1; absent under other rules. */
  readonly probability?: number;
}

/** People before files: a file's label counts where nobody has decided. A skip is no opinion. */
export function opinions(standing: readonly StandingRow[]): StandingRow[] {
  const stated = standing.filter(({ decision }) => decision !== 'skip');
  const people = stated.filter(({ kind }) => kind === 'person');
  return people.length > 0 ? people : stated;
}

function shared(standing: readonly StandingRow[]): Label | null {
  const verdicts = standing.map(({ decision }) => decision);
  const preferred = majority(verdicts);
  if (preferred) return { verdict: preferred, annotator: null };
  if (verdicts.length === 0) return null;
  const bad = verdicts.filter((verdict) => verdict === 'both_bad').length;
  return { verdict: 2 * bad > verdicts.length ? 'both_bad' : 'tie', annotator: null };
}

/** The likeliest label of each pair, by Dawid and Skene over all of these. */
export class PairConsensus {
  readonly #consensus = new ConsensusLabels();
  readonly #labels: ReadonlyMap<string, ConsensusLabel>;

  constructor(pairs: Iterable<readonly StandingRow[]>) {
    for (const standing of pairs) this.#consensus.add(asOpinions(opinions(standing)));
    this.#labels = this.#consensus.find();
  }

  of(stated: readonly StandingRow[]): Label | null {
    const found = this.#labels.get(this.#consensus.keyOf(asOpinions(stated)) ?? '');
    return found ? { ...found, annotator: null } : null;
  }
}
const asOpinions = (stated: readonly StandingRow[]): Opinion[] =>
  stated.map(({ annotator, decision }) => ({ rater: annotator, verdict: decision }));

/** How often each annotator agrees with the majority of the others, from 0 to 1; 1 where nobody else decided. */
export function agreementWeights(pairs: Iterable<readonly StandingRow[]>): Map<string, number> {
  const seen = new Map<string, { agreed: number; of: number }>();
  for (const standing of pairs) {
    const stated = opinions(standing);
    for (const own of stated) {
      const others = shared(stated.filter((other) => other !== own));
      if (!others) continue;
      const counts = seen.get(own.annotator) ?? { agreed: 0, of: 0 };
      counts.of += 1;
      if (others.verdict === own.decision) counts.agreed += 1;
      seen.set(own.annotator, counts);
    }
  }
  return new Map([...seen].map(([name, { agreed, of }]) => [name, agreed / of]));
}

function weighted(standing: readonly StandingRow[], weights: ReadonlyMap<string, number>): Label | null {
  const sums = new Map<Label['verdict'], number>();
  for (const { annotator, decision } of standing) {
    if (decision === 'skip') continue;
    sums.set(decision, (sums.get(decision) ?? 0) + (weights.get(annotator) ?? 1));
  }
  const [first, second] = [...sums].sort(([, x], [, y]) => y - x);
  if (!first) return null;
  return { verdict: second && second[1] === first[1] ? 'tie' : first[0], annotator: null };
}

/** What a rule rests on beside the pair itself. */
export interface LabelKnowledge {
  readonly adjudicator: string | null;
  readonly weights: ReadonlyMap<string, number>;
  readonly consensus: PairConsensus | null;
}

/** The labels of a pair under a rule: one or none, with `all` one a person. */
export function labelsOf(
  standing: readonly StandingRow[],
  rule: LabelRule,
  { adjudicator, weights, consensus }: LabelKnowledge,
): Label[] {
  const stated = opinions(standing);
  const one = (label: Label | null): Label[] => (label ? [label] : []);
  switch (rule) {
    case 'majority':
      return one(shared(stated));
    case 'consensus': {
      const settled = standing.find(({ settles }) => settles === 1);
      return settled === undefined ? one(consensus?.of(stated) ?? null) : one(shared([settled]));
    }
    case 'weighted':
      return one(weighted(stated, weights));
    case 'all':
      return stated.flatMap(({ annotator, decision }) =>
        decision === 'skip' ? [] : [{ verdict: decision, annotator }],
      );
    case 'adjudicated': {
      const judged = standing.find(({ annotator, settles }) =>
        adjudicator === null ? settles === 1 : annotator === adjudicator,
      );
      if (judged && judged.decision !== 'skip')
        return [{ verdict: judged.decision, annotator: judged.annotator }];
      const agreed = new Set(stated.map(({ decision }) => decision));
      return agreed.size === 1 ? one(shared(stated)) : [];
    }
  }
}
