/** The reference table for one engine, with the share of a step that is spent outside the device. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineName, TRAINABLE, type Trainable } from '#core/runConfig.ts';
import { measureSteps } from './engineSteps.ts';
import { REFERENCE } from './reference.ts';
import { lossGap, makeTrainer } from './trainer.ts';

interface DeviceRow {
  readonly msPerStep: number;
  readonly tokensPerSecond: number;
  /** 1 − (kernels' own time by the device's clock) / (time of the step); null where the engine doesn't tell. */
  readonly shareOutsideDevice: number | null;
  /** Kernels that take longest: share of all kernels' time, by operator. */
  readonly longestKernels: Readonly<Record<string, number>>;
  readonly relativeLossGap: number;
}

export interface DeviceTable {
  readonly engine: EngineName;
  readonly device: string;
  readonly rows: Readonly<Record<Trainable, DeviceRow>>;
  readonly fractionOfMatmulPeak: number;
  readonly peakGflops: number;
  readonly compileMs: number;
}

const PROFILED_STEPS = 5;
const WARM_UP_STEPS = 2;
const GAP_STEPS = 5;
const LISTED = 5;

interface ProfileEvent {
  readonly cat?: string;
  readonly name?: string;
  readonly dur?: number;
}

/** Microseconds of the device's kernels in a profile, by operator. Kernels are events `node&operator&kernel`. */
function kernelMicroseconds(events: readonly ProfileEvent[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { cat, name = '', dur = 0 } of events) {
    const operator = name.split('&')[1];
    if (cat !== 'Api' || operator === undefined) continue;
    times.set(operator, (times.get(operator) ?? 0) + dur);
  }
  return times;
}

async function profiled(engine: EngineName, trainable: Trainable): Promise<Map<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-profile-'));
  try {
    const trainer = await makeTrainer(engine, REFERENCE, trainable, { profilePrefix: join(folder, 'step') });
    for (let step = 0; step < WARM_UP_STEPS + PROFILED_STEPS; step++) await trainer.step(step % 4);
    await trainer.dispose();
    const files = await readdir(folder);
    const events = await Promise.all(
      files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as ProfileEvent[]),
    );
    const times = kernelMicroseconds(events.flat());
    const runs = WARM_UP_STEPS + PROFILED_STEPS;
    return new Map([...times].map(([operator, microseconds]) => [operator, microseconds / runs]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function gapOf(engine: EngineName, trainable: Trainable): Promise<number> {
  const device = await makeTrainer(engine, REFERENCE, trainable);
  const processor = await makeTrainer('onnx-cpu', REFERENCE, trainable);
  const gap = await lossGap(device, processor, GAP_STEPS);
  await device.dispose();
  await processor.dispose();
  return gap;
}

export async function benchDevice(
  engine: EngineName,
  onProgress: (text: string) => void,
): Promise<DeviceTable> {
  const steps = await measureSteps(engine);
  const { typical, ratio, fastest } = steps.rounds;
  onProgress(`${engine} on ${steps.device}: full ${typical('full').toFixed(1)} ms a step`);
  const rows: Partial<Record<Trainable, DeviceRow>> = {};
  for (const trainable of TRAINABLE) {
    const kernels = engine === 'onnx-webgpu' ? await profiled(engine, trainable) : new Map<string, number>();
    const total = [...kernels.values()].reduce((sum, time) => sum + time, 0);
    const msPerStep = typical(trainable);
    const longest = [...kernels].sort((a, b) => b[1] - a[1]).slice(0, LISTED);
    rows[trainable] = {
      msPerStep,
      tokensPerSecond: (1000 * REFERENCE.tokens) / msPerStep,
      shareOutsideDevice: total > 0 ? 1 - total / 1000 / msPerStep : null,
      longestKernels: Object.fromEntries(longest.map(([name, time]) => [name, time / total])),
      relativeLossGap: await gapOf(engine, trainable),
    };
    onProgress(`${trainable}: ${JSON.stringify(rows[trainable])}`);
  }
  return {
    engine,
    device: steps.device,
    rows: rows as Record<Trainable, DeviceRow>,
    fractionOfMatmulPeak: (steps.stepFlops / steps.productFlops) * ratio('product', 'full'),
    peakGflops: steps.productFlops / 1e6 / fastest('product'),
    compileMs: steps.compileMs,
  };
}
