/** What scoring and forcing codes share: encoded pairs, and the base model's log-probabilities of their replies. */
import type { EngineChoice, RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { type EncodedPair, summariseCuts } from '../packing/encode.ts';
import type { RowShape } from '../packing/shape.ts';
import { readPairs } from '../train/dataset.ts';
import { encodeAll } from '../train/encodeAll.ts';
import { phase } from '../train/phases.ts';
import { encodeLimits, openModel } from '../train/prepare.ts';
import { openReferenceModel } from '../train/referenceModel.ts';
import { referenceLogProbabilities } from '../train/references.ts';
import type { References } from '../train/rows.ts';
import { stopped } from './stopped.ts';

export type Opened = Awaited<ReturnType<typeof openModel>>;

export async function* encodeFile(
  file: string,
  { model, tokenizer }: Opened,
  config: RunConfig,
): AsyncGenerator<RunFrame, EncodedPair[]> {
  const { encoded, refusedNote } = yield* encodeAll(
    tokenizer,
    await readPairs(file),
    encodeLimits(config, model),
  );
  const notes = [summariseCuts(encoded).note, refusedNote].filter(Boolean);
  if (notes.length > 0) yield phase('tokenise', encoded.length, encoded.length, notes.join(' '));
  return encoded;
}

/** Where a pair file is scored. */
interface ScoringPlace {
  readonly cacheDir: string;
  readonly engine: EngineChoice;
}

/** Log-probabilities of the base model, or of the reference that the run chose, on an engine of their own: a checkpoint's may hold trained weights. */
export async function openReferences(
  job: ScoringPlace,
  config: RunConfig,
  { model }: Opened,
  shape: RowShape,
) {
  const reference =
    config.referenceModel === null ? model : (await openModel(config.referenceModel, config)).model;
  const opened = await openReferenceModel(job, config, reference, shape);
  return {
    async of(pairs: readonly EncodedPair[]): Promise<References> {
      const found = await drained(referenceLogProbabilities(opened.cache, pairs, shape, opened.compile));
      if (found === null) throw stopped();
      return found;
    },
    dispose: opened.dispose,
  };
}

async function drained<T>(frames: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const next = await frames.next();
    if (next.done) return next.value;
  }
}
