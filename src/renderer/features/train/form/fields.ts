/** Every setting of a run: its name, its unit, and one sentence on what it does. */
import {
  LATENT_FACTS,
  type LatentKind,
  OBJECTIVE_FACTS,
  type Objective,
  type OwnSetting,
} from '#core/methods.ts';
import { ENGINE_NAMES } from '#core/runConfig.ts';
import { engineLabel } from '../../../components/engineWords.ts';
import type { Draft, FieldName } from './draft.ts';

interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Field {
  readonly name: FieldName;
  readonly label: string;
  readonly help: string;
  readonly unit?: string;
  /** A closed list; without one the value is a number. */
  readonly choices?: readonly Choice[];
  /** Any number of a closed list. */
  readonly several?: readonly Choice[];
  /** The models that were added, by their places, are choices too. */
  readonly fromModels?: true;
  /** Beside the choices, a text of one's own: what the list says of it, and how it begins. */
  readonly ownText?: { readonly label: string; readonly begins: string };
  /** On or off. */
  readonly toggle?: true;
  /** Said in an empty field that may stay empty. */
  readonly whenEmpty?: string;
  /** Left out where it has no effect. */
  readonly shown?: (draft: Draft) => boolean;
}

export const latent = (draft: Draft) => draft.latent;
const kindOf = (draft: Draft) =>
  draft.latent ? LATENT_FACTS[draft.texts['latent.kind'] as LatentKind] : null;
/** With a codebook: the controls have none. */
export const codebook = (draft: Draft) => kindOf(draft)?.hasCodes ?? false;
export const posterior = (draft: Draft) =>
  (kindOf(draft)?.hasPosterior ?? false) && !(codebook(draft) && draft.texts['latent.posterior'] === 'none');
export const readsPrompt = (draft: Draft) => kindOf(draft)?.readsPrompt ?? false;
/** A setting that one objective alone reads. */
export const readByObjective = (setting: OwnSetting) => (draft: Draft) =>
  OBJECTIVE_FACTS[draft.texts.objective as Objective].ownSettings.includes(setting);
export const trains =
  (...names: string[]) =>
  (draft: Draft) =>
    names.includes(draft.texts.trainable);

export const BASIC_FIELDS: readonly Field[] = [
  {
    name: 'latent.codes',
    label: 'Codes, K',
    help: 'How many latent preferences the codebook can hold; the paper found 32 to 64 best.',
    shown: codebook,
  },
  {
    name: 'latent.klWeight',
    label: 'KL weight, λ',
    help: 'How strongly posterior and prior are held together; too much drowns what z says.',
    shown: posterior,
  },
  {
    name: 'trainable',
    label: 'Trainable',
    help: 'Heads alone leave the model as it is; LoRA adds small matrices; full changes every weight.',
    choices: [
      { value: 'heads', label: 'Heads only' },
      { value: 'lora', label: 'LoRA' },
      { value: 'full', label: 'Full model' },
    ],
  },
  {
    name: 'headsFirst',
    label: 'Heads first',
    unit: 'share of steps, 0–1',
    help: 'The latent trains alone for this share, so that it means something before the model can ignore it.',
    shown: (draft) => draft.latent && draft.texts.trainable !== 'heads',
  },
  {
    name: 'steps',
    label: 'Steps',
    help: 'Updates of the weights; each reads one token budget of pairs.',
    shown: ({ texts }) => texts.epochs.trim() === '',
  },
  {
    name: 'epochs',
    label: 'Epochs',
    whenEmpty: 'as many as the steps need',
    help: 'Passes over the training pairs; given here, the steps are worked out from them.',
  },
  {
    name: 'learningRate',
    label: 'Learning rate',
    help: 'Step size for the model or its LoRA; halve it when the loss jumps.',
    shown: trains('lora', 'full'),
  },
  {
    name: 'headsLearningRate',
    label: 'Heads’ rate',
    help: 'Step size for the latent, which starts from scratch and tolerates larger steps.',
    shown: latent,
  },
  {
    name: 'tokenBudget',
    label: 'Token budget',
    unit: 'tokens per step',
    help: 'Packed tokens in one step: more is steadier and takes more memory and time.',
  },
  {
    name: 'seed',
    label: 'Seed',
    help: 'The same seed on the same pairs and engine gives the same run.',
  },
  {
    name: 'engine',
    label: 'Engine',
    help: 'What computes the steps; auto measures the engines on this machine and takes the fastest.',
    choices: [
      { value: 'auto', label: 'Auto, the fastest here' },
      ...ENGINE_NAMES.map((name) => ({ value: name, label: engineLabel(name) })),
    ],
  },
];

export const shownFields = (fields: readonly Field[], draft: Draft): readonly Field[] =>
  fields.filter(({ shown }) => shown?.(draft) ?? true);
