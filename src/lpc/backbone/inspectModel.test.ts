import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLOCK_FORMATS, type BlockFormat, HALVES_AT } from '#compute/stored/formats.ts';
import { unwrap } from '#core/result.ts';
import { needing } from '#disk/testNeeds.ts';
import { inspectModel } from './inspectModel.ts';
import { openModelFolder } from './modelFolder.ts';
import { goldenDir, storiesDir, storiesMissing } from './testModel.ts';

it.each(Object.keys(BLOCK_FORMATS) as BlockFormat[])(
  'finds a scale that is no number in blocks of %s',
  async (format) => {
    const dir = mkdtempSync(join(tmpdir(), 'facet-inspect-'));
    try {
      const path = join(dir, 'model.gguf');
      copyFileSync(join(goldenDir, 'gguf', 'qwen3.gguf'), path);
      await expect(inspectModel(path)).resolves.toMatchObject({ layers: expect.any(Number) });
      const { tensors } = unwrap(await openModelFolder(path));
      const stored = Object.values(tensors).flatMap(({ source }) =>
        source.kind === 'file' && source.dtype === format ? [source] : [],
      );
      const { bytes, values } = BLOCK_FORMATS[format];
      for (const at of HALVES_AT[format]) {
        const file = openSync(path, 'r+');
        const place = (stored[0]?.offset ?? 0) + bytes + at;
        const before = Buffer.alloc(2);
        readSync(file, before, 0, 2, place);
        writeSync(file, Uint8Array.of(0x01, 0x7e), 0, 2, place);
        await expect(inspectModel(path)).rejects.toMatchObject({
          failure: { code: 'model.not-finite', message: expect.stringContaining(`value ${values} is NaN`) },
        });
        writeSync(file, before, 0, 2, place);
        closeSync(file);
      }
    } finally {
      rmSync(dir, { recursive: true });
    }
  },
);

describe('a model that is added', needing(storiesMissing), () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'facet-inspect-'));
    for (const name of ['tokenizer.json', 'config.json', 'model.safetensors'])
      copyFileSync(join(storiesDir, name), join(dir, name));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const path = (name: string): string => join(dir, name);
  const put = (name: string, value: unknown): void => writeFileSync(path(name), JSON.stringify(value));
  const refused = async (): Promise<unknown> =>
    inspectModel(dir).then(
      () => null,
      (error: { failure: unknown }) => error.failure,
    );

  it('is described where all of it can be used', async () => {
    expect(await inspectModel(dir)).toMatchObject({ vocabulary: 512, chatTemplate: false });
  });

  it('is refused by the part of its tokenizer that is not computed, within a sequence too', async () => {
    const json = JSON.parse(readFileSync(path('tokenizer.json'), 'utf8'));
    for (const [part, value] of [
      ['model', { ...json.model, type: 'WordLevel' }],
      ['pre_tokenizer', { type: 'Sequence', pretokenizers: [{ type: 'UnicodeScripts' }] }],
      ['decoder', { type: 'Sequence', decoders: [{ type: 'Fuse' }, { type: 'Own' }] }],
    ] as const) {
      put('tokenizer.json', { ...json, [part]: value });
      expect(await refused()).toMatchObject({
        code: 'tokens.unsupported-tokenizer',
        message: expect.stringContaining(`its ${part} is of the type`),
        where: { field: part },
      });
    }
  });

  it('is refused by its template’s Jinja, and by what the template itself refuses', async () => {
    put('tokenizer_config.json', { chat_template: '{% for m in messages %}{{ m.content }}' });
    expect(await refused()).toMatchObject({
      code: 'tokens.bad-template',
      message: expect.stringContaining('is no valid Jinja'),
      where: { file: path('tokenizer_config.json') },
    });
    put('tokenizer_config.json', { chat_template: "{{ raise_exception('no dialogue suits me') }}" });
    expect(await refused()).toMatchObject({
      code: 'tokens.template-failed',
      message: expect.stringContaining('no dialogue suits me'),
    });
  });

  it('is told from an adapter, which names its base', async () => {
    rmSync(path('config.json'));
    put('adapter_config.json', { peft_type: 'LORA', base_model_name_or_path: 'org/base' });
    expect(await refused()).toMatchObject({
      code: 'model.is-adapter',
      message: expect.stringContaining('org/base'),
      fix: expect.stringContaining('Start from'),
    });
  });

  it.each([
    ['tokenizer.model', 'SentencePiece'],
    ['qwen.tiktoken', 'tiktoken'],
  ])('with a tokenizer in %s alone is refused with the way out', async (name, kind) => {
    rmSync(path('tokenizer.json'));
    writeFileSync(path(name), 'x');
    expect(await refused()).toMatchObject({
      code: 'model.other-tokenizer',
      message: expect.stringContaining(`${name} (${kind})`),
      fix: expect.stringContaining('save_pretrained'),
    });
  });

  it('is refused where a weight of its file is not a number', async () => {
    const { tensors } = unwrap(await openModelFolder(dir));
    const [name, tensor] = Object.entries(tensors).at(-1) as [string, (typeof tensors)[string]];
    const { source } = tensor;
    if (source.kind !== 'file') throw new Error('its weights are in files');
    expect(source.dtype).toBe('F32');
    const file = openSync(source.path, 'r+');
    writeSync(file, new Uint8Array(Float32Array.of(Number.NaN).buffer), 0, 4, source.offset + 4 * 3);
    closeSync(file);
    expect(await refused()).toMatchObject({
      code: 'model.not-finite',
      message: expect.stringContaining('value 3 is NaN'),
      where: { field: name },
    });
  });
});
