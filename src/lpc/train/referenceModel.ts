/** A model's log-probabilities of replies, on an engine of its own: beside a policy whose engine holds other weights. */
import { createEngine } from '#compute/index.ts';
import type { Engine } from '#compute/program.ts';
import { tailWeightOf } from '#core/methods.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { EngineChoice, RunConfig } from '#core/runConfig.ts';
import { heldFingerprint } from '../backbone/heldWeights.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import type { EncodedPair } from '../packing/encode.ts';
import type { RowShape } from '../packing/shape.ts';
import { referenceProgram } from '../programs/referenceProgram.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';
import { optionsFor, type ReadyProgram, ready } from './programs.ts';
import { openReferenceCache, type ReferenceCache } from './referenceCache.ts';
import { weightsFingerprint } from './start.ts';

interface ReferencePlace {
  readonly cacheDir: string;
  readonly engine: EngineChoice;
}

export interface ReferenceModel {
  readonly cache: ReferenceCache;
  /** Compiled when it is first asked for; disposing of what it gives leaves it there for the next piece. */
  compile(): Promise<ReadyProgram>;
  dispose(): Promise<void>;
}

export async function openReferenceModel(
  { cacheDir, engine: choice }: ReferencePlace,
  config: RunConfig,
  model: ModelFolder,
  shape: RowShape,
): Promise<ReferenceModel> {
  const fingerprint = await weightsFingerprint(model, cacheDir);
  const cache = await openReferenceCache(
    cacheDir,
    heldFingerprint(fingerprint, config.weights),
    tailWeightOf(config),
  );
  let engine: Engine | null = null;
  let program: ReadyProgram | null = null;
  return {
    cache,
    async compile() {
      if (program === null) {
        engine = unwrap(await createEngine(choice)).engine;
        await engine.setConstants(model.tensors);
        const options = { ...optionsFor({ config, model, shape }, 'heads'), weightsIn: 'constants' as const };
        program = await ready(engine, referenceProgram(options));
      }
      return { ...program, dispose: async () => undefined };
    },
    dispose: async () => engine?.dispose(),
  };
}

/** Pairs whose ids are compared as text. */
const COMPARED = 64;

/**
 * A reference reads the policy's token ids: they must mean the same there. Throws `reference.other-tokenizer`.
 */
export function requireSameTokens(
  policy: Tokenizer,
  reference: Tokenizer,
  pairs: readonly Pick<EncodedPair, 'prompt' | 'chosen' | 'rejected'>[],
): void {
  const isSame = (ids: ArrayLike<number>): boolean => {
    if (Array.from(ids).some((id) => id >= reference.vocabulary)) return false;
    return reference.decode(ids, { special: true }) === policy.decode(ids, { special: true });
  };
  const all = pairs.slice(0, COMPARED).flatMap(({ prompt, chosen, rejected }) => [prompt, chosen, rejected]);
  if (all.every(isSame)) return;
  throw new FacetError({
    code: 'reference.other-tokenizer',
    message: `The reference model ${reference.dir} has another tokenizer than the model that trains: the same token ids mean other texts.`,
    fix: 'Choose a reference of the same family, or leave it at the model that trains.',
    where: { file: reference.dir, field: 'referenceModel' },
  });
}
