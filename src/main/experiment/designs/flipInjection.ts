import { ROBUST_RUN } from '#core/presets.ts';
import { randomSource } from '#core/random.ts';
import type { Design, DesignInput, LabelAudit, SettingChanges } from '../types.ts';
import { turned } from './flippedPairs.ts';

const FLIPPED_SHARE = 0.1;
const FOLDS = 5;
const GROUP = `${100 * FLIPPED_SHARE} % of the labels turned round`;

const ROBUST: SettingChanges = { trainable: 'heads', latent: ROBUST_RUN.latent ?? {} };
/** By the number of codes, where it is not the setting's own. */
const METHODS: readonly (readonly [name: string, codes: number | null])[] = [
  ['codes', null],
  ['one direction', 1],
];

/** Pairs of which exactly a share has its label turned round, drawn by the seed, and which. */
function withFlips({ pairs }: DesignInput, seed: number) {
  const drawn = randomSource({ seed, stream: 'experiment.flip-injection', counter: 0 }).shuffle(
    pairs.map(({ id }) => id),
  );
  const flipped = new Set(drawn.slice(0, Math.round(FLIPPED_SHARE * pairs.length)));
  return { pairs: pairs.map((pair) => (flipped.has(pair.id) ? turned(pair) : pair)), flipped };
}

export const flipInjection: Design = {
  name: 'flip-injection',
  title: 'Known wrong labels that an audit finds',
  question:
    `${100 * FLIPPED_SHARE} % of the labels are turned round without a trace. Each label is then judged by a fit that did not ` +
    `train on its prompt (${FOLDS} folds), and labels are ranked by their margin. Found is the share of the wrong labels among the ` +
    'first 5 % (half at most) and 10 % of that list; by lot it would be 5 % and 10 %. One direction is the same fit with one code, ' +
    'which reads no prompt.',
  takesPairs: true,
  baseOf: () => null,
  cells: () => [],
  audits: (input) =>
    input.seeds.flatMap((seed): LabelAudit[] => {
      const data = withFlips(input, seed);
      const config = input.settings(seed, ROBUST);
      return METHODS.map(([method, codes]) => ({
        group: GROUP,
        method,
        seed,
        modelDir: input.modelDir,
        ...data,
        config:
          codes === null || config.latent === null
            ? config
            : { ...config, latent: { ...config.latent, codes } },
        folds: FOLDS,
      }));
    }),
};
