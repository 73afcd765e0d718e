/** What an agreement of codes and sources is worth: beside that of untrained codes, and of what a linear rule reads anyway. */
import { linearProbeAccuracy } from './linearProbe.ts';
import { randomSource } from './random.ts';
import { normalizedMutualInformation } from './statistics.ts';

export interface CodeEvidence {
  /** Prompts that all three are measured on; a part is drawn where there are many. */
  readonly prompts: number;
  /** NMI(strongest code; source). */
  readonly nmi: number;
  /** The same with the prior as it was before the first step. */
  readonly untrainedNmi: number;
  /** Share of prompts whose source a linear rule names from h_x, on prompts that it was not fitted to; null with too few. */
  readonly probe: number | null;
  /** Share of the commonest source: what naming it always would reach. */
  readonly commonest: number;
}

/** More are drawn from: the probe's cost grows with them, its answer hardly changes. */
export const EVIDENCE_PROMPTS = 1000;
/** Wider states are projected at random, which keeps what a linear rule can tell apart. */
const PROBE_WIDTH = 384;

function narrowed(rows: readonly Float32Array[]): readonly Float32Array[] {
  const width = rows[0]?.length ?? 0;
  if (width <= PROBE_WIDTH) return rows;
  const source = randomSource({ seed: 0, stream: 'evidence', counter: 0 });
  const signs = Float32Array.from({ length: width * PROBE_WIDTH }, () => (source.uniform() < 0.5 ? -1 : 1));
  return rows.map((row) => {
    const out = new Float32Array(PROBE_WIDTH);
    for (let from = 0; from < width; from++) {
      const value = row[from] as number;
      for (let to = 0; to < PROBE_WIDTH; to++)
        out[to] = (out[to] as number) + value * (signs[from * PROBE_WIDTH + to] as number);
    }
    return out;
  });
}

/** Places of the prompts that are measured, of `count`: all, or as many as are drawn, always the same. */
export function evidenceSample(count: number): number[] {
  const places = Array.from({ length: count }, (_, place) => place);
  if (count <= EVIDENCE_PROMPTS) return places;
  return randomSource({ seed: 0, stream: 'evidence.sample', counter: 0 })
    .shuffle(places)
    .slice(0, EVIDENCE_PROMPTS)
    .sort((a, b) => a - b);
}

/** null with fewer than two sources: there is nothing to agree with. */
export function codeEvidence(measured: {
  readonly trained: ArrayLike<number>;
  readonly untrained: ArrayLike<number>;
  readonly states: readonly Float32Array[];
  readonly sources: readonly string[];
}): CodeEvidence | null {
  const { trained, untrained, states, sources } = measured;
  const counts = [...Map.groupBy(sources, (source) => source).values()].map(({ length }) => length);
  if (counts.length < 2) return null;
  return {
    prompts: sources.length,
    nmi: normalizedMutualInformation(Array.from(trained), sources),
    untrainedNmi: normalizedMutualInformation(Array.from(untrained), sources),
    probe: linearProbeAccuracy(narrowed(states), sources),
    commonest: Math.max(...counts) / sources.length,
  };
}
