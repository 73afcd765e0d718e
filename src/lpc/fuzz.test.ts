/** 20,000 damaged headers, configs and tokenizer files: an error value each, or a model that is whole. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FacetError } from '#core/result.ts';
import { parseConfig } from './backbone/config.ts';
import { readJsonObject } from './backbone/files.ts';
import { openModelFolder } from './backbone/modelFolder.ts';
import { readTensorFile } from './backbone/safetensorsRead.ts';
import { goldenDir, storiesDir, storiesMissing } from './backbone/testModel.ts';
import { parameterCount, weightShapes } from './backbone/weightNames.ts';
import { tokenizerConfig, tokenizerJson } from './pretrain/tokenizerFiles.ts';
import { mutated } from './testMutations.ts';
import { encodePrompt, encodeReply } from './tokens/template.ts';
import { openTokenizer } from './tokens/tokenizer.ts';

const CASES = { headers: 9000, configs: 6000, tokenizers: 4500, folders: 500 } as const;
const SEED = 2026;
const modelsDir = join(goldenDir, 'models');
const models = readdirSync(modelsDir);
const golden = (file: string): Buffer[] =>
  models.flatMap((name) =>
    readdirSync(join(modelsDir, name)).includes(file) ? [readFileSync(join(modelsDir, name, file))] : [],
  );

const HEADER_ERRORS = ['model.bad-safetensors'];
const isOwn = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof FacetError && codes.includes(error.failure.code) && error.failure.message.length > 20;

describe('damaged files', { timeout: 240_000 }, () => {
  it(`headers: ${CASES.headers}`, async () => {
    const bases = golden('model.safetensors').map((bytes) => {
      const end = 8 + Number(bytes.readBigUInt64LE());
      return { head: bytes.subarray(0, end), body: bytes.length - end };
    });
    let whole = 0;
    for (let index = 0; index < CASES.headers; index++) {
      const { head, body } = bases[index % bases.length]!;
      // Every third keeps its length in step, so that the damage is met by what reads the JSON.
      const inStep = index % 3 > 0;
      const json = mutated(SEED, 'header', index, inStep ? head.subarray(8) : head, inStep);
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(json.length));
      const bytes = inStep ? Buffer.concat([length, json]) : json;
      const size = bytes.length + body;
      const read = async (position: number, count: number): Promise<Uint8Array<ArrayBuffer>> => {
        expect(position + count).toBeLessThanOrEqual(size);
        const there = Uint8Array.from(bytes.subarray(position, position + count));
        const filled = new Uint8Array(count);
        filled.set(there);
        return filled;
      };
      try {
        const { entries } = await readTensorFile('m.safetensors', size, read);
        let before = 0;
        for (const entry of [...entries.values()].sort((a, b) => a.offset - b.offset || a.bytes - b.bytes)) {
          expect(entry.offset).toBeGreaterThanOrEqual(before);
          before = entry.offset + entry.bytes;
        }
        expect(before).toBeLessThanOrEqual(size);
        whole += 1;
      } catch (error) {
        if (!isOwn(error, HEADER_ERRORS)) throw error;
      }
    }
    expect(whole).toBeLessThan(CASES.headers / 2);
  });

  it(`configs: ${CASES.configs}`, async () => {
    const codes = ['architecture', 'config', 'rope'].map((what) => `model.unsupported-${what}`);
    const known = [...codes, 'model.bad-config', 'model.invalid-json'];
    const bases = golden('config.json');
    let whole = 0;
    for (let index = 0; index < CASES.configs; index++) {
      const text = mutated(SEED, 'config', index, bases[index % bases.length]!, true).toString('utf8');
      try {
        const config = parseConfig((await readJsonObject('config.json', async () => text))!, 'config.json');
        for (const shape of Object.values(weightShapes(config)))
          expect(shape.every((size) => Number.isSafeInteger(size) && size > 0)).toBe(true);
        expect(parameterCount(config)).toBeGreaterThan(0);
        whole += 1;
      } catch (error) {
        if (!isOwn(error, known)) throw error;
      }
    }
    expect(whole).toBeGreaterThan(0);
  });

  it(`tokenizer files: ${CASES.tokenizers}`, async () => {
    const own = {
      'tokenizer.json': Buffer.from(
        JSON.stringify(
          tokenizerJson([
            ['t', 'h'],
            ['th', 'e'],
            ['Ġ', 'the'],
          ]),
        ),
      ),
      'tokenizer_config.json': Buffer.from(JSON.stringify(tokenizerConfig(64))),
      'config.json': Buffer.from('{"vocab_size": 300, "eos_token_id": 1}'),
    };
    const stories = Object.fromEntries(
      (storiesMissing === null ? Object.keys(own) : []).map((name) => [
        name,
        readFileSync(join(storiesDir, name)),
      ]),
    );
    const names = Object.keys(own);
    let whole = 0;
    for (let index = 0; index < CASES.tokenizers; index++) {
      // The larger one less often: most of its damage is to one of 512 pieces.
      const base: Readonly<Record<string, Buffer>> =
        storiesMissing === null && index % 5 === 0 ? stories : own;
      const hit = names[index % 4 === 0 ? 1 : index % 7 === 0 ? 2 : 0]!;
      const damaged = mutated(SEED, 'tokenizer', index, base[hit]!, true).toString('utf8');
      const opened = await openTokenizer('m', {
        read: async (path) => {
          const name = basename(path);
          return name === hit ? damaged : (base[name]?.toString('utf8') ?? null);
        },
      });
      if (!opened.ok) {
        expect(opened.failure.code).toMatch(/^(tokens|model)\./);
        continue;
      }
      const tokenizer = opened.value;
      try {
        const ids = encodePrompt(tokenizer, [{ role: 'user', content: 'the cat, 12 \u00e9' }]);
        const reply = encodeReply(tokenizer, 'The end.');
        for (const id of [...ids, ...reply]) expect(id >= 0 && id < tokenizer.vocabulary).toBe(true);
        tokenizer.decode(ids);
        whole += 1;
      } catch (error) {
        if (!(error instanceof FacetError && error.failure.code.startsWith('tokens.'))) throw error;
      }
    }
    expect(whole).toBeGreaterThan(0);
  });

  describe('on disk', () => {
    let dir = '';
    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'facet-fuzz-'));
    });
    afterAll(() => rmSync(dir, { recursive: true }));

    it(`folders: ${CASES.folders}`, async () => {
      let whole = 0;
      for (let index = 0; index < CASES.folders; index++) {
        const from = join(modelsDir, models[index % models.length]!);
        const files = readdirSync(from).filter((name) => name !== 'golden.json');
        for (const name of files) copyFileSync(join(from, name), join(dir, name));
        writeFileSync(join(dir, 'tokenizer.json'), '{}');
        const hit = files[index % files.length]!;
        const path = join(dir, hit);
        const bytes = readFileSync(path);
        const header = hit.endsWith('.safetensors') ? 8 + Number(bytes.readBigUInt64LE()) : bytes.length;
        const damaged = mutated(SEED, 'folder', index, bytes.subarray(0, header), hit.endsWith('.json'));
        writeFileSync(path, Buffer.concat([damaged, bytes.subarray(header)]));
        const opened = await openModelFolder(dir);
        if (opened.ok) {
          whole += 1;
          for (const { source } of Object.values(opened.value.tensors)) {
            if (source.kind !== 'file') continue;
            expect(source.offset + source.bytes).toBeLessThanOrEqual(readFileSync(source.path).length);
          }
        } else expect(opened.failure.code).toMatch(/^model\.(?!unreadable)/);
        for (const name of readdirSync(dir)) rmSync(join(dir, name));
      }
      expect(whole).toBeLessThan(CASES.folders);
    });
  });
});
