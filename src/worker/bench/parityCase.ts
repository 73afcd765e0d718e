/** Run as a program: losses on WebGPU against the processor, for `bench -- engine`; prints its figures as JSON. */
import { TRAINABLE, type Trainable } from '#core/runConfig.ts';
import { PARITY } from './reference.ts';
import { lossGap, makeTrainer } from './trainer.ts';

const STEPS = 5;

export type ParityFigures = Readonly<Record<Trainable, number>> & { readonly device: string };

const gaps: Partial<Record<Trainable, number>> = {};
let device = '';
for (const trainable of TRAINABLE) {
  const gpu = await makeTrainer('onnx-webgpu', PARITY, trainable);
  const cpu = await makeTrainer('onnx-cpu', PARITY, trainable);
  device = gpu.engine.device;
  gaps[trainable] = await lossGap(gpu, cpu, STEPS);
  await gpu.dispose();
  await cpu.dispose();
}
process.stdout.write(JSON.stringify({ ...gaps, device }));
