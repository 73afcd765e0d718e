/** Token by token over caches: the same logits as a whole pass of another implementation, for every architecture. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EngineName } from '#core/runConfig.ts';
import { goldenDir, largestDifference } from '../backbone/testModel.ts';
import { Batch } from './batch.ts';
import { openGenerator } from './generator.ts';

interface Golden {
  readonly ids: readonly number[];
  readonly lastLogits: readonly number[];
}

/** Enough to open the folder: nothing is encoded here. */
const TOKENIZER = {
  version: '1.0',
  added_tokens: [{ id: 2, content: '</s>', special: true }],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: 'BPE', vocab: { a: 1, '</s>': 2 }, merges: [] },
};

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'facet-decode-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const models = join(goldenDir, 'models');

async function lastLogits(engine: EngineName, ids: readonly number[], rows: number): Promise<Float32Array> {
  const generator = await openGenerator(dir, null, engine);
  try {
    const vocabulary = generator.model.config.vocabulary;
    const prompt = Int32Array.from(ids.slice(0, 3));
    const { cache } = await generator.prefill(prompt, null);
    let batch = await Batch.open(generator, Array(rows).fill({ prompt, cache, z: null }), ids.length);
    let logits = new Float32Array(0);
    for (const token of ids.slice(2)) {
      for (let row = 0; row < rows; row++) batch.setToken(row, token);
      const stepped = await batch.step(() => true);
      batch = stepped.batch;
      logits = Float32Array.from(stepped.logits.subarray((rows - 1) * vocabulary, rows * vocabulary));
    }
    return logits;
  } finally {
    await generator.dispose();
  }
}

it.each(readdirSync(models))('%s', async (name) => {
  for (const file of readdirSync(join(models, name))) copyFileSync(join(models, name, file), join(dir, file));
  writeFileSync(join(dir, 'tokenizer.json'), JSON.stringify(TOKENIZER));
  writeFileSync(join(dir, 'tokenizer_config.json'), '{"eos_token": "</s>"}');
  const golden = JSON.parse(readFileSync(join(dir, 'golden.json'), 'utf8')) as Golden;
  for (const [engine, rows] of [
    ['onnx-cpu', 3],
    ['tfjs-cpu', 2],
  ] as const) {
    const logits = await lastLogits(engine, golden.ids, rows);
    expect(largestDifference(logits, golden.lastLogits)).toBeLessThan(1e-4);
  }
});
