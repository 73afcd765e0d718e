/** The engine benchmark: every figure measured in one run, speeds as ratios of timings taken in turns. */
import { existsSync } from 'node:fs';
import { DEFAULT_RUN, TRAINABLE } from '#core/runConfig.ts';
import { measureSteps } from './engineSteps.ts';
import { inTurns } from './interleave.ts';
import { benchPacking } from './packing.ts';
import { webgpuParity } from './parity.ts';
import { REFERENCE, SMALL } from './reference.ts';
import { lossGap, makeTrainer, type Trainer } from './trainer.ts';

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
  /** How the figures were taken. */
  readonly method: Readonly<Record<string, string>>;
  /** Figures behind the ratios. */
  readonly measured: Readonly<Record<string, number | string | null>>;
}

export interface EngineBenchOptions {
  /** Model folder and pair file of the packing figures. */
  readonly modelDir: string;
  readonly dataFile: string;
  readonly onProgress: (text: string) => void;
}

const GAP_STEPS = 50;
const DRIFT_STEPS = 300;
const DRIFT_WARM_UP = 50;
const WASM_ROUNDS = { rounds: 3, warmUp: 1 };

const METHOD = {
  ratios:
    'median over rounds of the ratio within a round; a round times each step and the product once, in turn, each after an untimed run of its own',
  milliseconds: 'fastest round',
  rssDriftPercent: `resident memory on the reference configuration, after ${DRIFT_WARM_UP} steps against the largest of the last 20 of ${DRIFT_STEPS} more`,
  maxRelativeLossGap: `${GAP_STEPS} steps, worst of full, LoRA and heads, small configuration`,
  webgpuParity: 'largest relative loss gap to onnx-cpu over 5 steps, worst of full, LoRA and heads',
};

async function parityGap(onProgress: (text: string) => void): Promise<number> {
  let largest = 0;
  for (const trainable of TRAINABLE) {
    const compiled = await makeTrainer('onnx-cpu', SMALL, trainable);
    const eager = await makeTrainer('tfjs-wasm', SMALL, trainable);
    const gap = await lossGap(compiled, eager, GAP_STEPS);
    onProgress(`compiled against eager, ${trainable}: largest relative loss gap ${gap.toExponential(1)}`);
    if (!(gap <= largest)) largest = gap;
    await compiled.dispose();
    await eager.dispose();
  }
  return largest;
}

/** Compiled against eager full fine-tuning, in turns; several compiled steps for one eager one. */
async function wasmRounds(): Promise<{ speedup: number; wasmMs: number }> {
  const compiled = await makeTrainer('onnx-cpu', REFERENCE, 'full');
  const eager = await makeTrainer('tfjs-wasm', REFERENCE, 'full');
  const step = (trainer: Trainer) => (round: number) => trainer.step(round % 4);
  const { ratio, fastest } = await inTurns(
    { before: step(compiled), eager: step(eager), after: step(compiled) },
    WASM_ROUNDS,
  );
  await compiled.dispose();
  await eager.dispose();
  return { speedup: (ratio('eager', 'before') + ratio('eager', 'after')) / 2, wasmMs: fastest('eager') };
}

/** Growth of resident memory, percent. */
async function rssDrift(): Promise<number> {
  const trainer = await makeTrainer('onnx-cpu', REFERENCE, 'full');
  for (let step = 0; step < DRIFT_WARM_UP; step++) await trainer.step(step % 4);
  const before = process.memoryUsage.rss();
  let peak = 0;
  for (let step = 0; step < DRIFT_STEPS; step++) {
    await trainer.step(step % 4);
    if (step >= DRIFT_STEPS - 20) peak = Math.max(peak, process.memoryUsage.rss());
  }
  await trainer.dispose();
  return (100 * (peak - before)) / before;
}

async function webgpuGap(onProgress: (text: string) => void) {
  const figures = await webgpuParity();
  if (typeof figures === 'string') {
    onProgress(`webgpu was not measured: ${figures}`);
    return { gap: null, device: null };
  }
  const { device, ...gaps } = figures;
  onProgress(`webgpu on ${device}: ${JSON.stringify(gaps)}`);
  return { gap: Math.max(...Object.values(gaps)), device };
}

export async function benchEngine({
  modelDir,
  dataFile,
  onProgress,
}: EngineBenchOptions): Promise<EngineBench> {
  const steps = await measureSteps('onnx-cpu');
  const { ratio, fastest } = steps.rounds;
  const fraction = (steps.stepFlops / steps.productFlops) * ratio('product', 'full');
  onProgress(
    `onnx-cpu: ${TRAINABLE.map((name) => `${name} ${fastest(name).toFixed(0)} ms`).join(', ')} a step; ${fraction.toFixed(2)} of the product's rate`,
  );
  const { speedup, wasmMs } = await wasmRounds();
  onProgress(`tfjs-wasm, full: ${wasmMs.toFixed(0)} ms a step`);
  const packing = existsSync(dataFile) ? await benchPacking(modelDir, dataFile, 4096) : null;
  if (!packing) onProgress(`packing was not measured: ${dataFile} is absent`);
  const rssDriftPercent = await rssDrift();
  onProgress(`resident memory over ${DRIFT_STEPS} steps: ${rssDriftPercent.toFixed(2)} %`);
  const maxRelativeLossGap = await parityGap(onProgress);
  const webgpu = await webgpuGap(onProgress);
  return {
    speedupOverTfjsWasm: speedup,
    fractionOfMatmulPeak: fraction,
    loraCostRatio: ratio('lora', 'full'),
    headsCostRatio: ratio('heads', 'full'),
    prefixSharingGain: packing?.prefixSharingGain ?? null,
    padWaste: packing?.padWaste ?? null,
    rssDriftPercent,
    compileMs: steps.compileMs,
    maxRelativeLossGap,
    webgpuParity: webgpu.gap,
    method: METHOD,
    measured: {
      device: steps.device,
      fullMs: fastest('full'),
      loraMs: fastest('lora'),
      headsMs: fastest('heads'),
      wasmMs,
      peakGflops: steps.productFlops / 1e6 / fastest('product'),
      stepGflop: steps.stepFlops / 1e9,
      nodes: steps.nodes,
      loraRank: DEFAULT_RUN.loraRank,
      packedPairs: packing?.pairs ?? null,
      webgpuDevice: webgpu.device,
    },
  };
}
