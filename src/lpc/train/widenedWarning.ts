/** Weights in 4 or 8 bits on an engine that has no such form: the same values, in floats. */
import { constantBytes } from '#compute/index.ts';
import { blocksOf } from '#compute/stored/decode.ts';
import type { EngineName } from '#core/runConfig.ts';
import type { WarningFrame } from '#core/runFrames.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';

const SPARING: EngineName = 'onnx-cpu';
const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(2)} GB`;

/** null where the engine holds them as they are, or where there are none. */
export function widenedWarning(
  engine: EngineName,
  { tensors }: Pick<ModelFolder, 'tensors'>,
): WarningFrame | null {
  if (engine === SPARING || Object.values(tensors).every((constant) => blocksOf(constant) === null))
    return null;
  const [there, here] = [constantBytes(SPARING, tensors), constantBytes(engine, tensors)];
  return {
    type: 'warning',
    step: 0,
    code: 'weights-widened',
    message: `${engine} holds weights of 4 and 8 bits in floats: the same values, in ${inGigabytes(here)} of memory; ${SPARING} holds them in ${inGigabytes(there)}.`,
    fix: `Choose the engine ${SPARING} where memory counts.`,
    suggestion: { field: 'engine', value: SPARING, label: SPARING },
  };
}
