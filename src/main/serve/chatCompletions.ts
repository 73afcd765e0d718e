/** `/v1/chat/completions` and `/v1/models` of `facet serve`, as OpenAI's clients expect them. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { codesOf } from '#core/methods.ts';
import { toFailure } from '#core/result.ts';
import type { GeneratedReply, PolicyChoice } from '#shared/policyEntities.ts';
import type { Facet } from '../app.ts';
import {
  type ChatRequest,
  chatRequestSchema,
  codesChosen,
  messagesOf,
  samplingOf,
  unknownField,
} from './chatRequest.ts';

export type ChatServices = Pick<Facet['services'], 'playground' | 'runs' | 'models'>;

const MOST_BODY_BYTES = 4 * 1024 ** 2;
const MOST_AT_ONCE = 4;

/** An error as OpenAI's clients read it. */
class ChatError extends Error {
  readonly status: number;
  readonly body: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };

  constructor(
    status: number,
    type: string,
    message: string,
    code: string | null = null,
    param: string | null = null,
  ) {
    super(message);
    this.status = status;
    this.body = { message, type, param, code };
  }
}
const invalid = (message: string, param: string | null = null, code: string | null = null): ChatError =>
  new ChatError(400, 'invalid_request_error', message, code, param);

function asChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  const { code, message, fix } = toFailure(error);
  const words = fix === undefined ? message : `${message} ${fix}`;
  if (['runs.unknown', 'models.unknown', 'runs.no-checkpoint'].includes(code))
    return new ChatError(404, 'invalid_request_error', words, 'model_not_found', 'model');
  if (code.startsWith('generate.') || code.startsWith('project.')) return invalid(words, null, code);
  return new ChatError(500, 'server_error', words, code);
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<ChatRequest> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BODY_BYTES)
      throw new ChatError(
        413,
        'invalid_request_error',
        `A request holds ${MOST_BODY_BYTES} bytes at most.`,
        'request_too_large',
      );
    parts.push(part);
  }
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw invalid('The body is not JSON.');
  }
  const read = chatRequestSchema.safeParse(body);
  if (!read.success) {
    const [issue] = read.error.issues;
    const param = issue?.path.join('.') || null;
    throw invalid(`${param ?? 'The body'}: ${issue?.message ?? 'not valid'}.`, param);
  }
  const unknown = unknownField(body as object);
  if (unknown !== null) throw invalid(`${unknown} is not known here.`, unknown, 'unsupported_parameter');
  return read.data;
}

/** `run:3`, `run:3:best`, `model:1`. */
const NAMED = /^(run|model):(\d+)(?::(last|best))?$/;

function policyOf({ runs, models }: ChatServices, asked: ChatRequest) {
  const named = NAMED.exec(asked.model);
  const id = Number(named?.[2]);
  if (!named || (named[1] === 'model' && named[3] !== undefined))
    throw new ChatError(
      404,
      'invalid_request_error',
      `There is no model ${asked.model}; GET /v1/models lists them.`,
      'model_not_found',
      'model',
    );
  const run = named[1] === 'run' ? runs.get(id) : null;
  const choice: PolicyChoice = {
    modelId: run?.modelId ?? models.get(id).id,
    runId: run?.id ?? null,
    ...(named[3] === undefined ? {} : { checkpoint: named[3] as 'last' | 'best' }),
  };
  const codes = run && codesOf(run.config);
  const chosen = codesChosen(asked, codes, run?.config.latent != null);
  if (chosen === null)
    throw invalid(
      codes === null
        ? `${asked.model} has no codes.`
        : `code_weights names codes of ${codes}, 0 to ${codes - 1}, not all 0.`,
      'code_weights',
    );
  return { choice, codes: chosen };
}

const finishOf = ({ finish }: GeneratedReply): 'stop' | 'length' => (finish === 'length' ? 'length' : 'stop');

async function write(response: ServerResponse, data: object | '[DONE]'): Promise<void> {
  const line = `data: ${data === '[DONE]' ? data : JSON.stringify(data)}\n\n`;
  if (!response.write(line) && !response.destroyed)
    await Promise.race([once(response, 'drain'), once(response, 'close')]);
}

async function complete(services: ChatServices, asked: ChatRequest, response: ServerResponse): Promise<void> {
  const { choice, codes } = policyOf(services, asked);
  const samples = asked.n ?? 1;
  const request = { ...choice, messages: messagesOf(asked), sampling: samplingOf(asked), samples, codes };
  const left = new AbortController();
  response.once('close', () => left.abort());
  // Loading a model and a long reply are silent where nothing is streamed.
  response.socket?.setTimeout(0);
  const about = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: asked.model,
  };
  const withUsage = asked.stream_options?.include_usage === true;
  const chunk = (choices: object[], usage: object | null = null) => ({
    ...{ ...about, object: 'chat.completion.chunk', choices },
    ...(withUsage ? { usage } : {}),
  });
  const delta = (index: number, said: object, finish: string | null = null) =>
    chunk([{ index, delta: said, logprobs: null, finish_reason: finish }]);
  const begin = async (): Promise<void> => {
    if (response.headersSent) return;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    for (let index = 0; index < samples; index++)
      await write(response, delta(index, { role: 'assistant', content: '' }));
  };
  for await (const frame of services.playground.generate(request, left.signal)) {
    if (frame.type === 'phase') continue;
    if (frame.type === 'text') {
      if (!asked.stream) continue;
      await begin();
      await write(response, delta(frame.sample, { content: frame.text }));
      continue;
    }
    const completion = frame.replies.reduce((sum, { tokens }) => sum + tokens, 0);
    const usage = {
      prompt_tokens: frame.promptTokens,
      completion_tokens: completion,
      total_tokens: frame.promptTokens + completion,
    };
    if (!asked.stream) {
      const choices = frame.replies.map((reply, index) => ({
        ...{ index, message: { role: 'assistant', content: reply.text, refusal: null } },
        ...{ logprobs: null, finish_reason: finishOf(reply) },
      }));
      return send(response, 200, {
        ...about,
        object: 'chat.completion',
        choices,
        usage,
        code_weights: frame.weights,
      });
    }
    await begin();
    for (const [index, reply] of frame.replies.entries())
      await write(response, delta(index, {}, finishOf(reply)));
    if (withUsage) await write(response, chunk([], usage));
    await write(response, '[DONE]');
    response.end();
  }
}

async function listModels({ runs, models }: ChatServices): Promise<object> {
  const trained = runs.list().flatMap(({ id, checkpoints, startedAt }) =>
    checkpoints.map(({ kind }) => ({
      id: kind === 'last' ? `run:${id}` : `run:${id}:${kind}`,
      created: Math.floor(Date.parse(startedAt) / 1000),
    })),
  );
  const base = (await models.list())
    .filter(({ exists }) => exists)
    .map(({ id }) => ({ id: `model:${id}`, created: 0 }));
  return {
    object: 'list',
    data: [...trained, ...base].map((model) => ({ ...model, object: 'model', owned_by: 'facet' })),
  };
}

/** Answers what begins with `/v1/`; `isOwner`: the request holds the owner's token. */
export function chatServer(services: ChatServices) {
  let running = 0;
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    isOwner: boolean,
  ): Promise<void> => {
    try {
      if (!isOwner)
        throw new ChatError(
          401,
          'invalid_request_error',
          'The token is missing or wrong: send it as Authorization: Bearer TOKEN.',
          'invalid_api_key',
        );
      if (path === '/v1/models' && request.method === 'GET')
        return send(response, 200, await listModels(services));
      if (path !== '/v1/chat/completions')
        throw new ChatError(404, 'invalid_request_error', `There is no ${path} here.`, 'unknown_url');
      if (request.method !== 'POST')
        throw new ChatError(405, 'invalid_request_error', 'Send it by POST.', 'method_not_supported');
      if (running >= MOST_AT_ONCE)
        throw new ChatError(
          429,
          'rate_limit_error',
          `${MOST_AT_ONCE} requests are answered already.`,
          'rate_limit_exceeded',
        );
      running += 1;
      try {
        await complete(services, await readBody(request), response);
      } finally {
        running -= 1;
      }
    } catch (error) {
      const { status, body } = asChatError(error);
      if (!response.headersSent) return send(response, status, { error: body });
      if (!response.destroyed) response.end(`data: ${JSON.stringify({ error: body })}\n\n`);
    }
  };
}
