import { describe, expect, it } from 'vitest';
import type { Download } from '#shared/policyEntities.ts';
import { downloadLine, readRepo, shareOf } from './hubWords.ts';

describe('a repository as people paste it', () => {
  it.each([
    [' HuggingFaceTB/SmolLM2-135M ', { repo: 'HuggingFaceTB/SmolLM2-135M', revision: null }],
    ['https://huggingface.co/Qwen/Qwen2.5-0.5B', { repo: 'Qwen/Qwen2.5-0.5B', revision: null }],
    ['https://hub.local/a/b/tree/refs%2Fpr%2F1', { repo: 'a/b', revision: 'refs/pr/1' }],
    ['https://huggingface.co/a/b/blob/main/config.json', { repo: 'a/b', revision: null }],
  ])('reads %s', (text, address) => expect(readRepo(text)).toEqual(address));
  it.each([
    '',
    'SmolLM2',
    'a/b/c',
    'https://huggingface.co/datasets/a/b',
    'https://huggingface.co/',
    'a b/c',
  ])('refuses %j', (text) => expect(readRepo(text)).toBeNull());
});

describe('a download in words', () => {
  const download: Download = {
    id: 1,
    repo: 'a/b',
    revision: 'main',
    folder: '/models/a/b',
    state: 'running',
    bytesDone: 120e6,
    bytesTotal: 270e6,
    bytesPerSecond: 10e6,
    file: 'model.safetensors',
    failure: null,
    modelId: null,
  };
  it('tells size, speed, time left and file', () =>
    expect(downloadLine(download)).toBe('120 MB of 270 MB · 10.0 MB/s · 15 s left · model.safetensors'));
  it('promises no time where the size is unknown or nothing moves', () => {
    expect(downloadLine({ ...download, bytesTotal: null })).toBe('120 MB · 10.0 MB/s · model.safetensors');
    expect(downloadLine({ ...download, bytesPerSecond: 0 })).toBe('120 MB of 270 MB · model.safetensors');
    expect(downloadLine({ ...download, state: 'paused' })).toBe('120 MB of 270 MB');
  });
  it('never passes its end', () => {
    expect(shareOf({ bytesDone: 5, bytesTotal: 4 })).toBe(1);
    expect(shareOf({ bytesDone: 5, bytesTotal: 0 })).toBeNull();
  });
});
