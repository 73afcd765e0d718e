import { describe, expect, it } from 'vitest';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { FORMATS, whyNotExport } from './exportFormats.ts';

const possible = (changes: Partial<RunConfig>) =>
  FORMATS.filter(
    ({ format }) => whyNotExport({ config: { ...DEFAULT_RUN, ...changes } }, format) === null,
  ).map(({ format }) => format);

describe('formats of a run', () => {
  it.each([
    ['lora', DEFAULT_RUN.latent, ['peft', 'merged', 'gguf', 'gguf-lora', 'onnx', 'codebook']],
    ['full', DEFAULT_RUN.latent, ['merged', 'gguf', 'onnx', 'codebook']],
    ['heads', DEFAULT_RUN.latent, ['onnx', 'codebook']],
    ['lora', null, ['peft', 'merged', 'gguf', 'gguf-lora', 'onnx']],
    ['heads', { ...DEFAULT_LATENT, kind: 'gaussian' }, ['onnx']],
  ] as const)('are those that carry what %s trained', (trainable, latent, formats) =>
    expect(possible({ trainable, latent })).toEqual(formats),
  );
});
