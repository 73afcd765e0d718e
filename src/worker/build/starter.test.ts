import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '#compute/index.ts';
import { unwrap } from '#core/result.ts';
import { KINDS } from '#core/sample/kinds.ts';
import type { SampleRow } from '#core/sample/pairs.ts';
import { openModelFolder } from '#lpc/backbone/modelFolder.ts';
import { meanLoss } from '#lpc/pretrain/pretrain.ts';
import { textLossProgram } from '#lpc/pretrain/pretrainProgram.ts';
import { STARTER_TRAINING } from '#lpc/pretrain/starterConfig.ts';
import { packText } from '#lpc/pretrain/textRows.ts';
import { openTokenizer } from '#lpc/tokens/tokenizer.ts';
import { PAIRS_PER_KIND, SAMPLE_FILE, writeSample } from './sampleFiles.ts';
import { writeStarter } from './starterFiles.ts';
import { encodeExchange, heldOutDocuments } from './text.ts';

const resources = join(import.meta.dirname, '..', '..', '..', 'resources');
const starter = join(resources, 'starter');
/** Nats per token; text that no model has seen, written by the grammar that the starter was trained on. */
const LOSS_BOUND = 0.32;

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = unwrap(await createEngine('onnx-cpu')).engine;
  folder = await mkdtemp(join(tmpdir(), 'facet-starter-'));
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('the bundled sample', () => {
  it('is what the generator writes today', async () => {
    await writeSample(folder);
    for (const file of [SAMPLE_FILE, 'README.md'])
      expect(await readFile(join(resources, 'sample', file), 'utf8'), file).toBe(
        await readFile(join(folder, file), 'utf8'),
      );
  });

  it('holds the pairs of every kind in the shape that the importer reads', async () => {
    const lines = (await readFile(join(resources, 'sample', SAMPLE_FILE), 'utf8')).trim().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as SampleRow);
    expect(rows).toHaveLength(KINDS.length * PAIRS_PER_KIND);
    for (const row of rows)
      expect(Object.keys(row)).toEqual(['id', 'source', 'aspect', 'prompt', 'chosen', 'rejected']);
  });
});

describe('the bundled starter model', () => {
  it('opens like any model folder and knows its text', async () => {
    const model = unwrap(await openModelFolder(starter));
    expect(model.info.parameters).toBeGreaterThan(1e6);
    expect(model.info.parameters).toBeLessThan(2e6);
    expect(model.info.dtype).toBe('F16');
    expect(model.info.chatTemplate).toBe(true);
    const tokenizer = unwrap(await openTokenizer(starter));
    await engine.setConstants(model.tensors);
    const program = await engine.compile(textLossProgram(model.config, 512, 'constants'));
    const rows = [...packText(heldOutDocuments(tokenizer, 60), 512)];
    expect(await meanLoss(program, rows)).toBeLessThan(LOSS_BOUND);
  });

  it('closes every document of its text with the end of the turn', async () => {
    const tokenizer = unwrap(await openTokenizer(starter));
    const ids = encodeExchange(tokenizer, { prompt: 'How are you?', reply: 'Fine.\n- Really.' });
    expect(ids.filter((id) => id === tokenizer.bosId)).toHaveLength(1);
    expect(ids[0]).toBe(tokenizer.bosId);
    expect(ids.at(-1)).toBe(tokenizer.endOfTurnId);
    expect(tokenizer.decode(ids)).toBe('How are you?Fine.\n- Really.');
  });

  it('stays small together with the sample', async () => {
    const sizes = await Promise.all(
      ['starter', 'sample'].flatMap(async (name) => {
        const files = await readdir(join(resources, name));
        const stats = await Promise.all(files.map((file) => stat(join(resources, name, file))));
        return stats.reduce((sum, { size }) => sum + size, 0);
      }),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(6e6);
  });
});

describe('writeStarter', () => {
  it('leaves a complete folder whose weights have learned from the first steps', async () => {
    const own = unwrap(await createEngine('onnx-cpu')).engine;
    const lines: string[] = [];
    await writeStarter({
      folder: join(folder, 'starter'),
      settings: { ...STARTER_TRAINING, steps: 6, rowTokens: 192, warmupSteps: 2, heldOutRows: 1 },
      engine: own,
      progress: (line) => lines.push(line),
    });
    await own.dispose();
    expect((await readdir(join(folder, 'starter'))).sort()).toEqual(
      (await readdir(starter)).filter((file) => !file.startsWith('.')).sort(),
    );
    const model = unwrap(await openModelFolder(join(folder, 'starter')));
    expect(model.config.vocabulary).toBe(1536);
    const after = lines.find((line) => line.startsWith('held-out loss'));
    // ln 1536 = 7.34 is what knowing nothing costs.
    expect(Number(after?.split(': ')[1])).toBeLessThan(7);
  });
});
