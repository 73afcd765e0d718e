/** Which settings of a latent have an effect, so that nobody is shown those that have none. */
import { codesOf, hasPosterior, LATENT_FACTS } from './methods.ts';
import type { LatentConfig } from './runConfig.ts';

type Reader = 'every latent' | 'the prompt' | 'a prior' | 'a posterior' | 'codes';

const READERS = {
  kind: 'every latent',
  injection: 'every latent',
  injectionLayers: 'every latent',
  pooling: 'the prompt',
  promptDirections: 'the prompt',
  inference: 'a prior',
  // The width of a Gaussian's start, too.
  codebookInitStd: 'a prior',
  klWeight: 'a posterior',
  priorShare: 'a posterior',
  klWarmupSteps: 'a posterior',
  freeBits: 'a posterior',
  codes: 'codes',
  temperature: 'codes',
  finalTemperature: 'codes',
  batchEntropyBonus: 'codes',
  reseedDeadEvery: 'codes',
  codeDirections: 'codes',
  priorNetwork: 'codes',
  posterior: 'codes',
  gumbelNoise: 'codes',
  warmStart: 'codes',
  warmStartRestarts: 'codes',
  codeRidge: 'codes',
  priorRidge: 'codes',
  codeCost: 'codes',
} as const satisfies Readonly<Record<keyof LatentConfig, Reader>>;

/** The settings that a latent of its kind reads, in the order of the latent's own. */
export function settingsRead(latent: LatentConfig): [keyof LatentConfig, LatentConfig[keyof LatentConfig]][] {
  const facts = LATENT_FACTS[latent.kind];
  const there: Readonly<Record<Reader, boolean>> = {
    'every latent': true,
    'the prompt': facts.readsPrompt,
    'a prior': facts.hasPosterior,
    'a posterior': hasPosterior({ latent }),
    codes: codesOf({ latent }) !== null,
  };
  return (Object.keys(latent) as (keyof LatentConfig)[])
    .filter((name) => there[READERS[name]])
    .map((name) => [name, latent[name]]);
}
