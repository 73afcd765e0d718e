/** The pretraining loop: packed text in, trained weights left in the engine's state. */
import type { CompiledProgram, Engine, NamedData } from '#compute/program.ts';
import { FacetError } from '#core/result.ts';
import type { BackboneConfig } from '../backbone/config.ts';
import { biasCorrections, momentSpecs } from '../optimiser/adamw.ts';
import { rateShare } from '../train/schedule.ts';
import { initialWeights } from './initialWeights.ts';
import { pretrainProgram, textLossProgram } from './pretrainProgram.ts';
import type { PretrainSettings } from './starterConfig.ts';

export interface PretrainFrame {
  readonly step: number;
  /** Nats per token on this step's row, before the step. */
  readonly loss: number;
  readonly gradNorm: number;
  readonly learningRate: number;
  readonly tokens: number;
  /** On held-out text, where it was measured at this step. */
  readonly heldOutLoss: number | null;
}

/** Share of the peak rate that the schedule ends on. */
const FINAL_RATE = 0.02;

/** Mean loss over rows, each row counted by its tokens. */
export async function meanLoss(program: CompiledProgram, rows: readonly NamedData[]): Promise<number> {
  let sum = 0;
  let tokens = 0;
  for (const row of rows) {
    const count = (row.targetWeight as Float32Array).reduce((total, weight) => total + weight, 0);
    sum += count * (await program.run(row)).loss![0]!;
    tokens += count;
  }
  return sum / tokens;
}

async function prepareState(engine: Engine, backbone: BackboneConfig, seed: number): Promise<void> {
  const weights = initialWeights(backbone, seed);
  const specs = Object.fromEntries(Object.entries(weights).map(([name, { spec }]) => [name, spec]));
  const moments = Object.entries(momentSpecs(specs)).map(([name, spec]) => {
    const size = spec.shape.reduce((product, length) => product * length, 1);
    return [name, { spec, data: new Float32Array(size) }] as const;
  });
  await engine.setState({ ...weights, ...Object.fromEntries(moments) });
}

/**
 * Yields a frame a step; a row is taken from `rows` for each. The engine's state holds the weights after the last.
 * @throws FacetError `pretrain.diverged` when the loss is not a number, `pretrain.no-text` when rows run out.
 */
export async function* pretrain(
  engine: Engine,
  backbone: BackboneConfig,
  settings: PretrainSettings,
  rows: Iterator<NamedData>,
  heldOut: readonly NamedData[],
): AsyncGenerator<PretrainFrame, void> {
  await prepareState(engine, backbone, settings.seed);
  const step = await engine.compile(pretrainProgram({ backbone, ...settings }));
  const loss = await engine.compile(textLossProgram(backbone, settings.rowTokens, 'state'));
  for (let index = 0; index < settings.steps; index++) {
    const next = rows.next();
    if (next.done)
      throw new FacetError({ code: 'pretrain.no-text', message: `The text ended before step ${index + 1}.` });
    const share = rateShare('cosine', index, settings.steps, settings.warmupSteps);
    const learningRate = settings.learningRate * (FINAL_RATE + (1 - FINAL_RATE) * share);
    const { first, second } = biasCorrections(index + 1);
    const outputs = await step.run({
      ...next.value,
      learningRate: Float32Array.of(learningRate),
      biasCorrection1: Float32Array.of(first),
      biasCorrection2: Float32Array.of(second),
    });
    const value = outputs.loss![0]!;
    if (!Number.isFinite(value))
      throw new FacetError({
        code: 'pretrain.diverged',
        message: `The loss is ${value} at step ${index + 1}.`,
        fix: 'Lower the learning rate.',
      });
    const measure = (index + 1) % settings.evaluateEvery === 0 || index + 1 === settings.steps;
    yield {
      step: index + 1,
      loss: value,
      gradNorm: outputs.gradNorm![0]!,
      learningRate,
      tokens: (next.value.targetWeight as Float32Array).reduce((total, weight) => total + weight, 0),
      heldOutLoss: measure ? await meanLoss(loss, heldOut) : null,
    };
  }
  await step.dispose();
  await loss.dispose();
}
