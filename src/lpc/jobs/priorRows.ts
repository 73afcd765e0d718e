/** p(z|x) and h_x of encoded prompts: through the backbone, or from states that are known of a backbone at rest. */
import { codesOf } from '#core/methods.ts';
import { heldFingerprint } from '../backbone/heldWeights.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { packRows } from '../packing/pack.ts';
import type { RowShape } from '../packing/shape.ts';
import {
  backboneRests,
  keepPromptStates,
  openPromptStates,
  promptStatePlace,
} from '../train/promptStates.ts';
import { promptKey } from '../train/referenceCache.ts';
import { weightsFingerprint } from '../train/start.ts';
import type { Policy } from './policy.ts';

/** Prompts whose states are known, read at once. */
const PROMPTS_AT_ONCE = 256;
/** States that a job finds are held until its end; beyond this the rest are not kept. */
const MOST_FOUND_BYTES = 256 * 1024 ** 2;

export interface KnownPrompts {
  has(prompt: EncodedPair): boolean;
  /** (d). */
  of(prompt: EncodedPair): Promise<Float32Array>;
  found(prompt: EncodedPair, state: Float32Array): void;
  /** Keeps what was found for whoever asks next. */
  save(): Promise<void>;
  close(): Promise<void>;
}

/** null where the run changed the backbone, or nobody says where states are kept. */
export async function openKnownPrompts(
  { config, engine, model }: Policy,
  cacheDir: string | undefined,
): Promise<KnownPrompts | null> {
  if (cacheDir === undefined || !backboneRests(config)) return null;
  const fingerprint = await weightsFingerprint(model, cacheDir);
  const place = promptStatePlace(cacheDir, {
    modelFingerprint: heldFingerprint(fingerprint, config.weights),
    config,
    engine,
  });
  const stored = await openPromptStates(place);
  const found = new Map<string, Float32Array>();
  const most = MOST_FOUND_BYTES / (4 * model.config.hiddenSize);
  return {
    has(prompt) {
      const key = promptKey(prompt.prompt);
      return found.has(key) || stored?.has(key) === true;
    },
    async of(prompt) {
      const key = promptKey(prompt.prompt);
      const state = found.get(key) ?? (await stored?.of(key));
      if (!state) throw new RangeError(`no known state of prompt ${prompt.pairId}`);
      return state;
    },
    found(prompt, state) {
      if (found.size < most) found.set(promptKey(prompt.prompt), state);
    },
    async save() {
      await stored?.close();
      await keepPromptStates(place, found, async (state) => state);
    },
    close: async () => stored?.close(),
  };
}

interface RowsWanted {
  readonly shape: RowShape;
  readonly known: KnownPrompts | null;
  /** Place of the first prompt; pair ids are places. */
  readonly first?: number;
  /** Values of h_x in a row, after its weights. */
  readonly stateSize?: number;
}

/** Rows × (K weights, then `stateSize` values of h_x) in the order of `encoded`, whose pair ids are places from `first` on. */
export async function priorRows(
  policy: Policy,
  encoded: readonly EncodedPair[],
  { shape, known, first = 0, stateSize = 0 }: RowsWanted,
): Promise<Float32Array<ArrayBuffer>> {
  const codes = codesOf(policy.config) ?? 0;
  const width = codes + stateSize;
  const { hiddenSize } = policy.model.config;
  const rows = new Float32Array(encoded.length * width);
  const put = ({ pairId }: EncodedPair, weights: Float32Array, state: Float32Array): void => {
    const start = (Number(pairId) - first) * width;
    rows.set(weights, start);
    rows.set(state.subarray(0, stateSize), start + codes);
  };
  const ready = encoded.filter((prompt) => known?.has(prompt));
  const missing = encoded.filter((prompt) => !known?.has(prompt));
  if (missing.length > 0) {
    const program = await policy.priorFor(shape);
    for (const row of packRows(missing, shape)) {
      const { prior, states } = (await program.run(row.inputs)) as Record<'prior' | 'states', Float32Array>;
      for (const [slot, prompt] of row.pairs.entries()) {
        const state = states.slice(slot * hiddenSize, (slot + 1) * hiddenSize);
        put(prompt, prior.subarray(slot * codes, (slot + 1) * codes), state);
        known?.found(prompt, state);
      }
    }
  }
  for (let from = 0; from < ready.length; from += PROMPTS_AT_ONCE) {
    const program = await policy.priorOfStates(PROMPTS_AT_ONCE);
    const part = ready.slice(from, from + PROMPTS_AT_ONCE);
    const states = new Float32Array(PROMPTS_AT_ONCE * hiddenSize);
    for (const [slot, prompt] of part.entries())
      states.set(await (known as KnownPrompts).of(prompt), slot * hiddenSize);
    const { prior } = (await program.run({ 'states.prompt': states })) as Record<'prior', Float32Array>;
    for (const [slot, prompt] of part.entries())
      put(
        prompt,
        prior.subarray(slot * codes, (slot + 1) * codes),
        states.subarray(slot * hiddenSize, (slot + 1) * hiddenSize),
      );
  }
  return rows;
}
