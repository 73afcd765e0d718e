/** Training steps of the reference configuration and the machine's own product, measured in turns on one engine. */
import type { EngineName, Trainable } from '#core/runConfig.ts';
import { weightSpecs } from '#lpc/backbone/weightNames.ts';
import { momentSpecs } from '#lpc/optimiser/adamw.ts';
import { parameterGroups } from '#lpc/programs/policy.ts';
import { trainProgram } from '#lpc/programs/trainProgram.ts';
import { largeProduct, programFlops } from './flops.ts';
import { inTurns, type Rounds } from './interleave.ts';
import { type BenchSize, backboneOf, configOf, REFERENCE, shapeOf } from './reference.ts';
import { makeTrainer, type Trainer } from './trainer.ts';

export interface EngineSteps {
  readonly device: string;
  /** Rounds of `full`, `lora`, `heads` and `product`. */
  readonly rounds: Rounds;
  /** Floating-point operations of a full step's matrix products, and of the product. */
  readonly stepFlops: number;
  readonly productFlops: number;
  readonly nodes: number;
  readonly compileMs: number;
}

const ROUNDS = { rounds: 15, warmUp: 3, settle: true };

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

/** `further` is measured in the same rounds. */
export async function measureSteps(
  engine: EngineName,
  further: Readonly<Record<string, () => Promise<unknown>>> = {},
): Promise<EngineSteps> {
  const trainers: Trainer[] = [];
  const trainer = async (trainable: Trainable): Promise<Trainer> => {
    const made = await makeTrainer(engine, REFERENCE, trainable);
    trainers.push(made);
    return made;
  };
  try {
    const full = await trainer('full');
    const lora = await trainer('lora');
    const heads = await trainer('heads');
    const product = await largeProduct(engine);
    const rounds = await inTurns(
      {
        full: (round) => full.step(round % 4),
        product: () => product.run(),
        lora: (round) => lora.step(round % 4),
        heads: (round) => heads.step(round % 4),
        ...further,
      },
      ROUNDS,
    );
    await product.dispose();
    const { flops, nodes } = flopsOf(REFERENCE, 'full');
    return {
      device: full.engine.device,
      rounds,
      stepFlops: flops,
      productFlops: product.flops,
      nodes,
      compileMs: full.program.compileMs,
    };
  } finally {
    for (const made of trainers) await made.dispose();
  }
}
