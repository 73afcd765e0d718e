/** Ready-made settings; each says what it sets and what it is for. */

import { OBJECTIVE_FACTS, type Objective } from '#core/methods.ts';
import { PAPER_RUN, ROBUST_RUN } from '#core/presets.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { type Draft, draftOf, withText } from './draft.ts';

export interface Preset {
  readonly name: string;
  readonly says: string;
  readonly config: RunConfig;
}

function robustWords({ headsFirst, steps, codebookLearningRate, latent }: RunConfig): string {
  return `For codes that must tell reasons apart even where one taste would do: heads first for ${100 * headsFirst} % of ${steps} steps, codes started far apart (${latent?.codebookInitStd}) and moved slowly (${codebookLearningRate}), entropy bonus ${latent?.batchEntropyBonus}. Then LoRA beside them.`;
}

export const PRESETS = [
  {
    name: 'Quick look',
    says: `Heads and codebook only, over a resting model: K ${DEFAULT_LATENT.codes}, 200 steps, evaluated every 50. Shows soon whether the codes find anything; the model itself stays as it is.`,
    config: {
      ...DEFAULT_RUN,
      trainable: 'heads',
      headsFirst: 1,
      steps: 200,
      evaluateEvery: 50,
    },
  },
  {
    name: 'Balanced',
    says: `Heads first for ${100 * DEFAULT_RUN.headsFirst} % of ${DEFAULT_RUN.steps} steps, then LoRA rank ${DEFAULT_RUN.loraRank} beside them: K ${DEFAULT_LATENT.codes}, λ ${DEFAULT_LATENT.klWeight}, entropy bonus ${DEFAULT_LATENT.batchEntropyBonus}, prompts pooled by their mean. Codes mean something before the model can ignore them.`,
    config: DEFAULT_RUN,
  },
  {
    name: 'Robust',
    says: robustWords(ROBUST_RUN),
    config: ROBUST_RUN,
  },
  {
    name: 'Paper setting',
    says: 'The whole model and the heads together from the first step: K 32, λ 0.05, h_x at the last prompt token, codes started at 0.02, no bonus. Codes may stay idle: compare with Robust. Rates for small models, 1e-4 and 1e-3.',
    config: PAPER_RUN,
  },
] as const satisfies readonly Preset[];

/** What the form opens with. */
export const STARTING_PRESET: Preset = PRESETS[1];

/** Changes the objective; β follows to the new objective's usual value unless it was set by hand. */
export function withObjective(draft: Draft, objective: Objective): Draft {
  const before = draft.texts.objective as Objective;
  const untouched = Number(draft.texts.beta) === OBJECTIVE_FACTS[before].usualBeta;
  const next = withText(draft, 'objective', objective);
  return untouched ? withText(next, 'beta', String(OBJECTIVE_FACTS[objective].usualBeta)) : next;
}

/** A preset's settings; objective, seed and engine stay as chosen. */
export function withPreset(draft: Draft, preset: Preset): Draft {
  const { objective, seed, engine } = draft.texts;
  const fresh = withObjective(draftOf(preset.config), objective as Objective);
  return withText(withText({ ...fresh, latent: draft.latent }, 'seed', seed), 'engine', engine);
}

/** The preset whose settings a draft has, whatever its objective, seed and engine. */
export function presetOf(draft: Draft): Preset | null {
  const same = (preset: Preset) => {
    const wanted = withPreset(draft, preset).texts;
    return Object.entries(wanted).every(
      ([name, text]) =>
        (!draft.latent && name.startsWith('latent.')) || draft.texts[name as keyof Draft['texts']] === text,
    );
  };
  return PRESETS.find(same) ?? null;
}

/** The same run without a latent: what LPC has to beat. A plain run has no heads, so heads-only becomes LoRA. */
export const plainBaseline = (config: RunConfig): RunConfig => ({
  ...config,
  latent: null,
  trainable: config.trainable === 'heads' ? 'lora' : config.trainable,
});
