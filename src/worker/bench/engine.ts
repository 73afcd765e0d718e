/** The engine benchmark: every figure measured in one run, speeds as ratios. */
import { existsSync } from 'node:fs';
import { DEFAULT_RUN, type Trainable } from '#core/runConfig.ts';
import { weightSpecs } from '#lpc/backbone/weightNames.ts';
import { momentSpecs } from '#lpc/optimiser/adamw.ts';
import { parameterGroups } from '#lpc/programs/policy.ts';
import { trainProgram } from '#lpc/programs/trainProgram.ts';
import { matmulPeak, programFlops } from './flops.ts';
import { benchPacking } from './packing.ts';
import { type BenchSize, backboneOf, configOf, REFERENCE, SMALL, shapeOf } from './reference.ts';
import { makeTrainer, stepMs, type Trainer } from './trainer.ts';

export interface EngineBench {
  readonly speedupOverTfjsWasm: number;
  readonly fractionOfMatmulPeak: number;
  readonly loraCostRatio: number;
  readonly headsCostRatio: number;
  readonly prefixSharingGain: number | null;
  readonly padWaste: number | null;
  readonly rssDriftPercent: number;
  readonly compileMs: number;
  readonly maxRelativeLossGap: number;
  readonly webgpuParity: number | null;
  /** Figures behind the ratios. */
  readonly measured: Readonly<Record<string, number | string | null>>;
}

export interface EngineBenchOptions {
  /** Model folder and pair file of the packing figures. */
  readonly modelDir: string;
  readonly dataFile: string;
  readonly onProgress: (text: string) => void;
}

const TRAINABLES: readonly Trainable[] = ['full', 'lora', 'heads'];
const GAP_STEPS = 50;
const DRIFT_STEPS = 300;

function flopsOf(size: BenchSize, trainable: Trainable): { flops: number; nodes: number } {
  const config = configOf(trainable, size.tokens);
  const backbone = backboneOf(size);
  const groups = parameterGroups(config, backbone);
  const trained = { ...groups.heads, ...groups.backbone };
  const inState = trainable === 'full';
  return programFlops(
    trainProgram({
      backbone,
      config,
      shape: shapeOf(size),
      weightsIn: inState ? 'state' : 'constants',
      stage: trainable === 'heads' ? 'heads' : 'all',
    }),
    { state: { ...trained, ...momentSpecs(trained) }, constants: inState ? {} : weightSpecs(backbone) },
  );
}

/** Largest relative difference of two trainers' losses over `steps`. */
async function lossGap(left: Trainer, right: Trainer, steps: number): Promise<number> {
  let largest = 0;
  for (let step = 0; step < steps; step++) {
    const a = (await left.step(step)).loss?.[0] as number;
    const b = (await right.step(step)).loss?.[0] as number;
    const gap = Math.abs(a - b) / Math.max(Math.abs(b), 1e-3);
    if (!(gap <= largest)) largest = gap;
  }
  return largest;
}

async function parityGap(onProgress: (text: string) => void): Promise<number> {
  let largest = 0;
  for (const trainable of TRAINABLES) {
    const compiled = await makeTrainer('onnx-cpu', SMALL, trainable);
    const eager = await makeTrainer('tfjs-wasm', SMALL, trainable);
    const gap = await lossGap(compiled, eager, GAP_STEPS);
    onProgress(`compiled against eager, ${trainable}: largest relative loss gap ${gap.toExponential(1)}`);
    largest = Math.max(largest, gap);
    await compiled.dispose();
    await eager.dispose();
  }
  return largest;
}

async function webgpuGap(onProgress: (text: string) => void): Promise<number | null> {
  try {
    const gpu = await makeTrainer('onnx-webgpu', SMALL, 'full');
    const cpu = await makeTrainer('onnx-cpu', SMALL, 'full');
    const gap = await lossGap(gpu, cpu, 5);
    await gpu.dispose();
    await cpu.dispose();
    return gap;
  } catch (error) {
    onProgress(`webgpu was not measured: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** Growth of resident memory over 300 steps after 50 of warm-up, percent. */
async function rssDrift(trainer: Trainer): Promise<number> {
  for (let step = 0; step < 50; step++) await trainer.step(step % 4);
  const before = process.memoryUsage.rss();
  let peak = before;
  for (let step = 0; step < DRIFT_STEPS; step++) {
    await trainer.step(step % 4);
    if (step >= DRIFT_STEPS - 20) peak = Math.max(peak, process.memoryUsage.rss());
  }
  return (100 * (peak - before)) / before;
}

export async function benchEngine({
  modelDir,
  dataFile,
  onProgress,
}: EngineBenchOptions): Promise<EngineBench> {
  const times: Partial<Record<Trainable, number>> = {};
  let compileMs = 0;
  const peakBefore = await matmulPeak(15);
  for (const trainable of TRAINABLES) {
    const trainer = await makeTrainer('onnx-cpu', REFERENCE, trainable);
    times[trainable] = await stepMs(trainer, 20, 3);
    if (trainable === 'full') compileMs = trainer.program.compileMs;
    onProgress(`onnx-cpu, ${trainable}: ${times[trainable]?.toFixed(1)} ms a step`);
    await trainer.dispose();
  }
  const peak = Math.max(peakBefore, await matmulPeak(15));
  onProgress(`1024³ product: ${(peak / 1e9).toFixed(0)} GFLOP/s`);
  const wasm = await makeTrainer('tfjs-wasm', REFERENCE, 'full');
  const wasmMs = await stepMs(wasm, 4, 1);
  await wasm.dispose();
  onProgress(`tfjs-wasm, full: ${wasmMs.toFixed(0)} ms a step`);

  const small = await makeTrainer('onnx-cpu', SMALL, 'full');
  const rssDriftPercent = await rssDrift(small);
  await small.dispose();
  const packing = existsSync(dataFile) ? await benchPacking(modelDir, dataFile, 4096) : null;
  if (!packing) onProgress(`packing was not measured: ${dataFile} is absent`);
  const full = times.full as number;
  const { flops, nodes } = flopsOf(REFERENCE, 'full');
  return {
    speedupOverTfjsWasm: wasmMs / full,
    fractionOfMatmulPeak: flops / (full / 1000) / peak,
    loraCostRatio: (times.lora as number) / full,
    headsCostRatio: (times.heads as number) / full,
    prefixSharingGain: packing?.prefixSharingGain ?? null,
    padWaste: packing?.padWaste ?? null,
    rssDriftPercent,
    compileMs,
    maxRelativeLossGap: await parityGap(onProgress),
    webgpuParity: await webgpuGap(onProgress),
    measured: {
      fullMs: full,
      loraMs: times.lora as number,
      headsMs: times.heads as number,
      wasmMs,
      peakGflops: peak / 1e9,
      stepGflop: flops / 1e9,
      nodes,
      loraRank: DEFAULT_RUN.loraRank,
      packedPairs: packing?.pairs ?? null,
    },
  };
}
