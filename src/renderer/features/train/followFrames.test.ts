import { describe, expect, it, vi } from 'vitest';
import type { RunFrame } from '#core/runFrames.ts';
import { type FrameSource, followFrames, type RunFrames } from './followFrames.ts';

const step = (at: number) => ({ type: 'step', step: at, loss: 1 }) as unknown as RunFrame;
const lost = { code: 'connection.lost', message: 'lost' };

function harness(open: FrameSource['open']) {
  const shown: RunFrames[] = [];
  const paints: (() => void)[] = [];
  const onEnd = vi.fn();
  const stop = followFrames({
    open,
    failureOf: (error) => error as { code: string; message: string },
    isLostLine: ({ code }) => code === lost.code,
    show: (frames) => shown.push(frames),
    onEnd,
    nextPaint: (callback) => paints.push(callback),
    reconnectMs: 1,
  });
  const paint = () => {
    for (const callback of paints.splice(0)) callback();
  };
  return { shown, paints, paint, stop, onEnd };
}

describe('followFrames', () => {
  it('shows ten thousand frames in a handful of batches, all of them', async () => {
    const { shown, onEnd } = harness(async () =>
      (async function* () {
        for (let at = 1; at <= 10_000; at++) yield step(at);
      })(),
    );
    await vi.waitFor(() => expect(onEnd).toHaveBeenCalled());
    expect(shown.length).toBe(1);
    expect(shown.at(-1)?.trace.steps.rows).toBe(10_000);
    expect(shown.at(-1)?.ended).toBe(true);
  });

  it('shows what has come by each repaint while the run goes on', async () => {
    let next: (() => void) | undefined;
    const { shown, paint, paints, stop } = harness(async () =>
      (async function* () {
        yield step(1);
        yield step(2);
        await new Promise<void>((resolve) => {
          next = resolve;
        });
        yield step(3);
        await new Promise(() => undefined);
      })(),
    );
    await vi.waitFor(() => expect(next).toBeDefined());
    paint();
    expect(shown.map(({ trace }) => trace.steps.rows)).toEqual([2]);
    next?.();
    await vi.waitFor(() => expect(paints.length).toBe(1));
    paint();
    expect(shown.at(-1)?.trace.steps.rows).toBe(3);
    expect(shown.at(-1)?.version).toBe(2);
    stop();
  });

  it('starts a new trace after a lost line instead of doubling the steps', async () => {
    let opened = 0;
    const { shown, onEnd } = harness(async () => {
      opened += 1;
      const first = opened === 1;
      return (async function* () {
        yield step(1);
        yield step(2);
        if (first) throw lost;
      })();
    });
    await vi.waitFor(() => expect(onEnd).toHaveBeenCalled());
    expect(opened).toBe(2);
    expect(shown.at(-1)?.trace.steps.rows).toBe(2);
  });

  it('shows any other failure and does not try again', async () => {
    const open = vi.fn(async () => {
      throw { code: 'runs.unknown', message: 'There is no run 12.' };
    });
    const { shown } = harness(open);
    await vi.waitFor(() => expect(shown.length).toBe(1));
    expect(shown[0]?.failure?.code).toBe('runs.unknown');
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('says nothing more once stopped', async () => {
    let release: (() => void) | undefined;
    const { shown, stop, onEnd } = harness(async () =>
      (async function* () {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        yield step(1);
      })(),
    );
    await vi.waitFor(() => expect(release).toBeDefined());
    stop();
    release?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(shown).toEqual([]);
    expect(onEnd).not.toHaveBeenCalled();
  });
});
