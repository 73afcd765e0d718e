/** What scoring and forcing codes share: encoded pairs, and the base model's log-probabilities of their replies. */
import { createEngine } from '#compute/index.ts';
import type { Engine } from '#compute/program.ts';
import { tailWeightOf } from '#core/methods.ts';
import { unwrap } from '#core/result.ts';
import type { EngineChoice, RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { modelFingerprint } from '#disk/modelFingerprint.ts';
import { heldFingerprint } from '../backbone/heldWeights.ts';
import { type EncodedPair, summariseCuts } from '../packing/encode.ts';
import type { RowShape } from '../packing/shape.ts';
import { referenceProgram } from '../programs/referenceProgram.ts';
import { readPairs } from '../train/dataset.ts';
import { encodeAll } from '../train/encodeAll.ts';
import { phase } from '../train/phases.ts';
import { encodeLimits, type openModel } from '../train/prepare.ts';
import { optionsFor, type ReadyProgram, ready } from '../train/programs.ts';
import { openReferenceCache } from '../train/referenceCache.ts';
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
  readonly modelDir: string;
  readonly cacheDir: string;
  readonly engine: EngineChoice;
}

/** The base model's log-probabilities, on an engine of their own: a checkpoint's may hold trained weights. */
export async function openReferences(
  job: ScoringPlace,
  config: RunConfig,
  { model }: Opened,
  shape: RowShape,
) {
  const fingerprint = await modelFingerprint(job.modelDir, job.cacheDir);
  const cache = await openReferenceCache(
    job.cacheDir,
    heldFingerprint(fingerprint, config.weights),
    tailWeightOf(config),
  );
  let engine: Engine | null = null;
  let program: ReadyProgram | null = null;
  const compiled = async (): Promise<ReadyProgram> => {
    if (program) return program;
    engine = unwrap(await createEngine(job.engine)).engine;
    await engine.setConstants(model.tensors);
    const options = { ...optionsFor({ config, model, shape }, 'heads'), weightsIn: 'constants' as const };
    program = await ready(engine, referenceProgram(options));
    return program;
  };
  return {
    async of(pairs: readonly EncodedPair[]): Promise<References> {
      const found = await drained(
        referenceLogProbabilities(cache, pairs, shape, async () => ({
          ...(await compiled()),
          // The next piece needs it again.
          dispose: async () => undefined,
        })),
      );
      if (found === null) throw stopped();
      return found;
    },
    dispose: async () => engine?.dispose(),
  };
}

async function drained<T>(frames: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const next = await frames.next();
    if (next.done) return next.value;
  }
}
