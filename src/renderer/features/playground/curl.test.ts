import { expect, it } from 'vitest';
import { DEFAULT_SAMPLING } from '#core/generation.ts';
import { curlOf } from './curl.ts';

const messages = [{ role: 'user', content: `It's "late" $HOME \\ \`x\`` }] as const;
const request = { sampling: { ...DEFAULT_SAMPLING, stop: ['END'] }, samples: 2 };
const origin = 'http://127.0.0.1:8420';

/** What a POSIX shell hands over of the single-quoted body: nothing within is special, `'\\''` is a quote. */
const bodyOf = (line: string): unknown => {
  const [, body = ''] = /-d '(.*)'$/s.exec(line) ?? [];
  expect(body.replaceAll("'\\''", '')).not.toContain("'");
  return JSON.parse(body.replaceAll("'\\''", "'"));
};

it('is a line that a shell reads as it was meant, whatever the texts hold', () => {
  const plan = {
    policy: { modelId: 1, runId: 3, checkpoint: 'best' as const },
    codes: { mode: 'weights' as const, weights: [0, 1] },
  };
  const line = curlOf(plan, messages, request, origin);
  expect(line).toContain(`curl ${origin}/v1/chat/completions \\\n`);
  expect(line).toContain('-H "Authorization: Bearer $TOKEN"');
  expect(bodyOf(line)).toEqual({
    model: 'run:3:best',
    messages,
    ...{ max_tokens: 256, temperature: 0.8, top_p: 0.95, n: 2, seed: 1, stop: ['END'] },
    ...{ top_k: 0, min_p: 0, repetition_penalty: 1, code_weights: [0, 1] },
  });
});

it('names a base model, which has no codes', () => {
  const plan = { policy: { modelId: 1, runId: null }, codes: { mode: 'none' as const } };
  const line = curlOf(plan, messages, request, origin);
  expect(line).toContain('"model":"model:1"');
  expect(line).not.toContain('code_weights');
});
