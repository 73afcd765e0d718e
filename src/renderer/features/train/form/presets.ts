/** Ready-made settings; each says what it sets and what it is for. */

import type { Objective } from '#core/methods.ts';
import { firstBeta, PAPER_RUN, presetSteps, QUICK_RUN, ROBUST_RUN } from '#core/presets.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { type Draft, draftOf, withText } from './draft.ts';

export interface Preset {
  readonly name: string;
  readonly says: string;
  readonly config: RunConfig;
}

const ROBUST_HEADS_STEPS = presetSteps(ROBUST_RUN, 'heads');

export const PRESETS = [
  {
    name: 'Quick look',
    says: `Heads only, over a frozen model: a warm start finds codes, ${QUICK_RUN.steps} steps fit their length, evaluated every ${QUICK_RUN.evaluateEvery}. Soon shows whether the codes find anything; the model itself stays as it is.`,
    config: QUICK_RUN,
  },
  {
    name: 'Robust',
    says: `For models of any width (ours): codes and prior found before the first step, in directions that the data choose; then ${ROBUST_HEADS_STEPS} steps for the heads and ${ROBUST_RUN.steps - ROBUST_HEADS_STEPS} with LoRA rank ${ROBUST_RUN.loraRank} beside them. K ${ROBUST_RUN.latent?.codes}, prompts pooled by their mean.`,
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

/** Changes the objective; β follows to what the new one begins with unless it was set by hand. */
export function withObjective(draft: Draft, objective: Objective): Draft {
  const warmStart = draft.texts['latent.warmStart'] === 'true';
  const before = firstBeta(draft.texts.objective as Objective, warmStart);
  const next = withText(draft, 'objective', objective);
  return Number(draft.texts.beta) === before
    ? withText(next, 'beta', String(firstBeta(objective, warmStart)))
    : next;
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
