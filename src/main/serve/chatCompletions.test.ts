/** As OpenAI's own clients ask and read: raw HTTP, bodies and events by the fields of its reference. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { GenerateJob, Job, JobResults } from '#core/jobs.ts';
import { ok, type Result } from '#core/result.ts';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import type { ComputeOptions, JobOf } from '../compute/ComputeClient.ts';
import { FakeCompute } from '../services/fakeCompute.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { startServer } from './server.ts';

/** Says the last message and the sample's number. */
class Talking extends FakeCompute {
  asked: GenerateJob | null = null;

  override async run<K extends Job['kind']>(
    job: JobOf<K>,
    options: ComputeOptions = {},
  ): Promise<Result<JobResults[K]>> {
    const generate = job as Job;
    if (generate.kind !== 'generate') return super.run(job, options);
    this.asked = generate;
    const said = generate.messages.at(-1)?.content ?? '';
    const replies = Array.from({ length: generate.samples }, (_, sample) => {
      for (const text of [said, ` ${sample}`]) options.onFrame?.({ type: 'text', sample, text });
      return {
        text: `${said} ${sample}`,
        tokens: 2,
        finish: sample === 0 ? ('stop' as const) : ('length' as const),
        logp: -1,
      };
    });
    const result = {
      replies,
      promptTokens: 5,
      weights: [0.5, 0.5, 0],
      ids: [],
      tokensPerSecond: 1,
      timeToFirstTokenMs: 1,
    };
    return ok(result as unknown as JobResults[K]);
  }
}

async function served() {
  const compute = new Talking();
  const { facet, folder } = await openFacet({ compute });
  const rows = [0, 1, 2].map((at) =>
    JSON.stringify({ prompt: `What of ${at}?`, chosen: `yes ${at}`, rejected: 'no' }),
  );
  writeFileSync(join(folder, 'pairs.jsonl'), rows.join('\n'));
  await importAll(facet, join(folder, 'pairs.jsonl'));
  mkdirSync(join(folder, 'tiny'));
  writeFileSync(join(folder, 'tiny', 'config.json'), '{}');
  const { models, runs } = facet.services;
  const { id: modelId } = await models.add(join(folder, 'tiny'));
  const config = { ...DEFAULT_RUN, steps: 1, latent: { ...DEFAULT_LATENT, codes: 3 } };
  const { id } = await runs.start({ modelId, config, selection: { labels: 'imported', sourceIds: null } });
  await runs.wait(id);
  const server = await startServer({ facet, rendererDir: folder, port: 0, log: () => undefined });
  onTestFinished(() => server.close());
  const call = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${server.port}${path}`, {
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined
        ? {}
        : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const chat = (changed: object = {}, headers: Record<string, string> = {}) =>
    call(
      '/v1/chat/completions',
      { model: 'run:1', messages: [{ role: 'user', content: 'Hello' }], ...changed },
      headers,
    );
  return { compute, call, chat, modelId };
}

it('answers with a completion, its usage and the prior’s weights', async () => {
  const { compute, chat } = await served();
  const response = await chat({ n: 2, seed: 7, max_tokens: 9, stop: 'END' });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({
    id: expect.stringMatching(/^chatcmpl-/),
    object: 'chat.completion',
    created: expect.any(Number),
    model: 'run:1',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello 0', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
      {
        index: 1,
        message: { role: 'assistant', content: 'Hello 1', refusal: null },
        logprobs: null,
        finish_reason: 'length',
      },
    ],
    usage: { prompt_tokens: 5, completion_tokens: 4, total_tokens: 9 },
    code_weights: [0.5, 0.5, 0],
  });
  expect(compute.asked).toMatchObject({
    samples: 2,
    codes: { mode: 'prior' },
    sampling: { maxTokens: 9, temperature: 1, topP: 1, stop: ['END'], seed: 7 },
  });
});

it('streams events: the role, the text as it comes, why it ended, the usage where asked, and [DONE]', async () => {
  const { chat } = await served();
  const response = await chat({ stream: true, stream_options: { include_usage: true } });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events = (await response.text()).split('\n\n').filter((event) => event !== '');
  expect(events.at(-1)).toBe('data: [DONE]');
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event.replace(/^data: /, '')));
  expect(new Set(chunks.map(({ object }) => object))).toEqual(new Set(['chat.completion.chunk']));
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  expect(chunks.map(({ choices, usage }) => [choices[0]?.delta, choices[0]?.finish_reason, usage])).toEqual([
    [{ role: 'assistant', content: '' }, null, null],
    [{ content: 'Hello' }, null, null],
    [{ content: ' 0' }, null, null],
    [{}, 'stop', null],
    [undefined, undefined, { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }],
  ]);
});

it('steers by weights of codes, all or by number, or without z', async () => {
  const { compute, chat } = await served();
  await chat({ code_weights: { '2': 1 } });
  expect(compute.asked?.codes).toEqual({ mode: 'weights', weights: [0, 0, 1] });
  await chat({ code_weights: [0, 0.5, 0.5] });
  expect(compute.asked?.codes).toEqual({ mode: 'weights', weights: [0, 0.5, 0.5] });
  await chat({ code_weights: 'none' });
  expect(compute.asked?.codes).toEqual({ mode: 'none' });
});

it('reads parts of text, and lists runs and base models by the names that it takes', async () => {
  const { compute, call, chat, modelId } = await served();
  await chat({
    model: `model:${modelId}`,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  });
  expect(compute.asked).toMatchObject({ checkpointDir: null, messages: [{ role: 'user', content: 'Hi' }] });
  const listed = (await (await call('/v1/models')).json()) as {
    object: string;
    data: { id: string; object: string }[];
  };
  expect(listed.object).toBe('list');
  expect(listed.data.map(({ id }) => id)).toEqual(expect.arrayContaining(['run:1', `model:${modelId}`]));
});

it.each([
  [{ messages: [] }, 400, 'messages', null],
  [{ temperature: -1 }, 400, 'temperature', null],
  [{ model: 'gpt-4' }, 404, 'model', 'model_not_found'],
  [{ model: 'run:99' }, 404, 'model', 'model_not_found'],
  [{ model: 'run:1:best' }, 404, 'model', 'model_not_found'],
  [{ tools: [{ type: 'function' }] }, 400, 'tools', 'unsupported_parameter'],
  [{ response_format: { type: 'json_object' } }, 400, 'response_format', 'unsupported_parameter'],
  [{ code_weights: [1, 0] }, 400, 'code_weights', null],
  [{ code_weights: { '3': 1 } }, 400, 'code_weights', null],
  [{ code_weights: [0, 0, 0] }, 400, 'code_weights', null],
])('refuses %j by an error object', async (changed, status, param, code) => {
  const { compute, chat } = await served();
  const response = await chat({ stream: true, ...changed });
  expect(response.status).toBe(status);
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  expect(error).toEqual({ message: expect.any(String), type: 'invalid_request_error', param, code });
  expect(compute.asked).toBeNull();
});

it('refuses what holds no token, comes from a web site, or is no JSON', async () => {
  const { call, chat } = await served();
  const anonymous = await chat({}, { authorization: 'Bearer wrong' });
  expect([anonymous.status, ((await anonymous.json()) as { error: { code: string } }).error.code]).toEqual([
    401,
    'invalid_api_key',
  ]);
  expect((await chat({}, { origin: 'http://example.com' })).status).toBe(403);
  expect((await call('/v1/chat/completions', '{')).status).toBe(400);
  expect((await call('/v1/chat/completions')).status).toBe(405);
  expect((await call('/v1/nothing')).status).toBe(404);
});

it('refuses a body that is too large to hold', async () => {
  const { chat } = await served();
  const status = await chat({ messages: [{ role: 'user', content: 'x'.repeat(5 * 1024 ** 2) }] })
    .then((response) => response.status)
    // The line may be closed while the rest is still being sent.
    .catch(() => 413);
  expect(status).toBe(413);
});
