import { describe, expect, it } from 'vitest';
import type { Constant } from '#compute/program.ts';
import { FacetError, type Failure } from '#core/result.ts';
import { DEFAULT_RUN, type Trainable } from '#core/runConfig.ts';
import { parseConfig } from '../backbone/config.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { parameterCount, weightSpecs } from '../backbone/weightNames.ts';
import { fittingBudget, mostBytes, type PlannedRun, peakBytes, planMemory } from './memory.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** [width, layers, heads, FFN, vocabulary]. */
const REFERENCE = [256, 4, 8, 704, 4096] as const;
const LARGE = [384, 6, 6, 1024, 32_768] as const;

/** A model of this size as a folder would give it; its weights are never read. */
function modelOf(size: readonly [number, number, number, number, number]): ModelFolder {
  const [hidden_size, num_hidden_layers, num_attention_heads, intermediate_size, vocab_size] = size;
  const architectures = ['LlamaForCausalLM'];
  const shared = { num_key_value_heads: num_attention_heads, max_position_embeddings: 4096 };
  const sizes = { hidden_size, num_hidden_layers, num_attention_heads, intermediate_size, vocab_size };
  const config = parseConfig(
    { architectures, ...sizes, ...shared, tie_word_embeddings: true },
    'config.json',
  );
  const tensors = Object.fromEntries(
    Object.entries(weightSpecs(config)).map(([name, spec]): [string, Constant] => {
      const source = { kind: 'file', path: 'model.safetensors', offset: 0, bytes: 0, dtype: 'F32' } as const;
      return [name, { spec, source }];
    }),
  );
  const info = { parameters: parameterCount(config) } as ModelFolder['info'];
  return { dir: '.', config, tensors, info };
}

const SHAPES = {
  256: { tokens: 256, responses: 128, pairs: 4, span: 96 },
  1024: { tokens: 1024, responses: 448, pairs: 16, span: 128 },
} as const;
const run = (
  size: typeof REFERENCE | typeof LARGE,
  trainable: Trainable,
  tokens: keyof typeof SHAPES,
  recompute = false,
): PlannedRun => ({
  config: { ...DEFAULT_RUN, trainable, tokenBudget: tokens, recompute, engine: 'onnx-cpu' },
  model: modelOf(size),
  shape: SHAPES[tokens],
});

describe('the estimate of a run', () => {
  // Measured by `npm run bench -- memory`, MiB, on Linux x64.
  it.each([
    ['reference', REFERENCE, 'heads', 256, 236],
    ['reference', REFERENCE, 'lora', 256, 307],
    ['reference', REFERENCE, 'lora', 1024, 469],
    ['reference', REFERENCE, 'full', 1024, 589],
    ['large', LARGE, 'lora', 256, 541],
  ] as const)(
    'is within 25 %% of what was measured: $0, $2, $3 tokens',
    (_, size, trainable, tokens, measured) => {
      const ratio = peakBytes(run(size, trainable, tokens)) / (measured * MIB);
      expect(ratio).toBeGreaterThan(0.75);
      expect(ratio).toBeLessThan(1.25);
    },
  );

  it('falls where blocks are computed again', () => {
    expect(peakBytes(run(REFERENCE, 'lora', 1024, true))).toBeLessThan(
      0.95 * peakBytes(run(REFERENCE, 'lora', 1024)),
    );
  });
});

describe('planMemory', () => {
  it.each(['heads', 'lora', 'full'] as const)('never holds %s for smaller than it is', (trainable) => {
    const small = run(REFERENCE, trainable, 256);
    expect(mostBytes(small)).toBeGreaterThan(peakBytes(small));
  });

  const planned = run(REFERENCE, 'lora', 256);
  const needed = peakBytes(planned);

  it('is silent where memory suffices, warns where little is free, and refuses what can not fit', () => {
    expect(planMemory(planned, { freeBytes: 2 * needed, totalBytes: 4 * needed })).toBeNull();
    const warning = planMemory(planned, { freeBytes: 0.8 * needed, totalBytes: 4 * needed });
    expect(warning).toMatchObject({ code: 'memory-short', message: expect.stringContaining(' GiB') });
    const small = { freeBytes: 0.7 * needed, totalBytes: 0.9 * needed };
    expect(() => planMemory(planned, small)).toThrow(FacetError);
  });

  it('names a token budget that fits, and says where none does', () => {
    const failureOf = (totalBytes: number): Failure | undefined => {
      try {
        planMemory(planned, { freeBytes: totalBytes, totalBytes });
      } catch (error) {
        if (error instanceof FacetError) return error.failure;
      }
      return undefined;
    };
    const budget = fittingBudget(planned, 0.96 * needed);
    expect(budget).toBe(128);
    expect(failureOf(0.96 * needed)).toMatchObject({
      fix: expect.stringContaining('token budget of 128,'),
      suggestion: { field: 'tokenBudget', value: 128 },
    });
    const none = failureOf(64 * MIB);
    expect(none?.fix).toMatch(/No token budget makes it fit/);
    expect(none?.suggestion).toBeUndefined();
  });

  it('counts a large vocabulary and a large model', () => {
    expect(peakBytes(run(LARGE, 'full', 1024))).toBeGreaterThan(GIB);
  });
});
