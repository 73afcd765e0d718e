/** Frozen weights in fewer bits than their files have: QLoRA's base. */
import type { Constant } from '#compute/program.ts';
import { blocksOf } from '#compute/stored/decode.ts';
import { BLOCK_FORMATS, GROUPS } from '#compute/stored/formats.ts';
import type { MadeFormat } from '#compute/stored/quantise.ts';
import type { WeightsChoice } from '#core/runConfig.ts';

const FORMATS: Readonly<Record<Exclude<WeightsChoice, 'as-stored'>, MadeFormat>> = {
  '4bit': 'Q4_0',
  '8bit': 'Q8_0',
};

/**
 * Matrices with more bits than chosen, embedding and LM head among them, as blocks of 32; what has as few in its file stays as
 * it is, and so do norms, biases and rows that are no whole blocks.
 */
export function heldAs(
  tensors: Readonly<Record<string, Constant>>,
  choice: WeightsChoice,
): Readonly<Record<string, Constant>> {
  if (choice === 'as-stored') return tensors;
  const held = FORMATS[choice];
  return Object.fromEntries(
    Object.entries(tensors).map(([name, constant]) => {
      const { spec, source } = constant;
      const columns = spec.shape[1];
      const fits = columns !== undefined && columns % BLOCK_FORMATS[held].values === 0;
      const blocks = blocksOf(constant);
      const isFewer = blocks !== null && GROUPS[blocks].bits <= GROUPS[held].bits;
      if (source.kind !== 'file' || !fits || isFewer) return [name, constant];
      return [name, { spec, source: { ...source, held } }];
    }),
  );
}

/** Tells what was computed from a model's files with its weights so from what was computed otherwise. */
export const heldFingerprint = (modelFingerprint: string, choice: WeightsChoice): string =>
  choice === 'as-stored' ? modelFingerprint : `${modelFingerprint}-${choice}`;
