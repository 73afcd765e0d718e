import { describe, expect, it } from 'vitest';
import { FacetError } from '#core/result.ts';
import type { FromWorker, ToWorker } from '#shared/workerProtocol.ts';
import type { Channel } from './channel.ts';
import { type RunJob, serveJobs } from './serve.ts';

function testChannel() {
  const sent: FromWorker[] = [];
  let deliver: (message: ToWorker) => void = () => undefined;
  const channel: Channel = {
    send: (message) => void sent.push(message),
    onMessage: (listener) => {
      deliver = listener;
    },
    onClose: () => undefined,
  };
  return { channel, sent, deliver: (message: ToWorker) => deliver(message) };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));
const job = { kind: 'engines', probe: false } as const;
const result = { engines: [], fastest: 'onnx-cpu', fallback: null } as const;

describe('serveJobs', () => {
  it('says ready, then sends frames before the result', async () => {
    const { channel, sent, deliver } = testChannel();
    const runJob: RunJob = async (_, onFrame) => {
      onFrame({ type: 'engine', engine: 'onnx-cpu', fallback: null });
      return result;
    };
    serveJobs(channel, runJob);
    deliver({ type: 'start', id: 7, job });
    await settle();
    expect(sent.map(({ type }) => type)).toEqual(['ready', 'frame', 'done']);
    expect(sent[2]).toEqual({ type: 'done', id: 7, result });
  });
  it('turns what is thrown into a failure value and goes on', async () => {
    const { channel, sent, deliver } = testChannel();
    const failure = { code: 'dataset.empty', message: 'no pairs' };
    let calls = 0;
    serveJobs(channel, async () => {
      calls += 1;
      if (calls === 1) throw new FacetError(failure);
      return result;
    });
    deliver({ type: 'start', id: 1, job });
    deliver({ type: 'start', id: 2, job });
    await settle();
    expect(sent).toContainEqual({ type: 'failed', id: 1, failure });
    expect(sent).toContainEqual({ type: 'done', id: 2, result });
  });
  it('stops the job that is named and no other', async () => {
    const { channel, sent, deliver } = testChannel();
    serveJobs(
      channel,
      (_, __, stop) => new Promise((resolve) => stop.addEventListener('abort', () => resolve(result))),
    );
    deliver({ type: 'start', id: 1, job });
    deliver({ type: 'start', id: 2, job });
    deliver({ type: 'stop', id: 2 });
    deliver({ type: 'stop', id: 99 });
    await settle();
    expect(sent.slice(1)).toEqual([
      { type: 'stopping', id: 2 },
      { type: 'done', id: 2, result },
    ]);
  });
  it('fails what is under way once when the process can’t go on', async () => {
    const { channel, sent, deliver } = testChannel();
    let finish: () => void = () => undefined;
    const service = serveJobs(
      channel,
      () =>
        new Promise((resolve) => {
          finish = () => resolve(result);
        }),
    );
    deliver({ type: 'start', id: 1, job });
    const failure = { code: 'internal.unexpected', message: 'boom' };
    service.failAll(failure);
    finish();
    await settle();
    expect(sent.slice(1)).toEqual([{ type: 'failed', id: 1, failure }]);
  });
});
