/** Ready-made settings; each says what it sets and what it is for. */
import { DEFAULT_LATENT, DEFAULT_RUN, type Objective, type RunConfig } from '#core/runConfig.ts';
import { type Draft, draftOf, withText } from './draft.ts';

export interface Preset {
  readonly name: string;
  readonly says: string;
  readonly config: RunConfig;
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
    says: 'Every remedy against idle or collapsed codes: heads and codebook first for half the steps, λ rising over 100 steps, entropy bonus 0.2, dead codes re-seeded every 50 steps, τ falling from 1 to 0.5. Where Balanced leaves codes unused.',
    config: {
      ...DEFAULT_RUN,
      steps: 600,
      headsFirst: 0.5,
      latent: { ...DEFAULT_LATENT, klWarmupSteps: 100, finalTemperature: 0.5, reseedDeadEvery: 50 },
    },
  },
  {
    name: 'Paper setting',
    says: 'The whole model and the heads together from the first step: K 32, λ 0.05, h_x at the last prompt token, codes started at 0.02, no bonus. Codes may stay idle: compare with Balanced. Rates for small models, 1e-4 and 1e-3.',
    config: {
      ...DEFAULT_RUN,
      trainable: 'full',
      headsFirst: 0,
      learningRate: 1e-4,
      headsLearningRate: 1e-3,
      latent: {
        ...DEFAULT_LATENT,
        codes: 32,
        klWeight: 0.05,
        temperature: 1,
        pooling: 'last',
        codebookInitStd: 0.02,
        batchEntropyBonus: 0,
        priorShare: 'rise',
      },
    },
  },
] as const satisfies readonly Preset[];

/** What the form opens with. */
export const STARTING_PRESET: Preset = PRESETS[1];

const USUAL_BETA: Readonly<Record<Objective, number>> = { dpo: 0.1, ipo: 0.1, simpo: 2 };

/** Changes the objective; β follows to the new objective's usual value unless it was set by hand. */
export function withObjective(draft: Draft, objective: Objective): Draft {
  const before = draft.texts.objective as Objective;
  const untouched = Number(draft.texts.beta) === USUAL_BETA[before];
  const next = withText(draft, 'objective', objective);
  return untouched ? withText(next, 'beta', String(USUAL_BETA[objective])) : next;
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
