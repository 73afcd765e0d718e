/** What a run will hold in memory, worked out before it is taken. */

import { totalmem } from 'node:os';
import { constantBytes, type ProgramMemory, planProgram } from '#compute/index.ts';
import type { NamedSpecs, Program } from '#compute/program.ts';
import { OBJECTIVE_FACTS } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import { type EngineName, type RunConfig, sumsRows } from '#core/runConfig.ts';
import type { WarningFrame } from '#core/runFrames.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { momentSpecs } from '../optimiser/adamw.ts';
import type { EncodedPair } from '../packing/encode.ts';
import type { RowShape } from '../packing/shape.ts';
import { evaluationProgram } from '../programs/evaluationProgram.ts';
import { hiddenStatesProgram } from '../programs/hiddenStatesProgram.ts';
import { injectedInto, type ProgramOptions, parameterGroups, type Stage } from '../programs/policy.ts';
import { referenceProgram } from '../programs/referenceProgram.ts';
import { accumulateProgram, applyProgram, gradientSpecs, trainProgram } from '../programs/trainProgram.ts';
import { backbonePasses } from './backbonePasses.ts';
import { hiddenStateBytes, worthCaching } from './hiddenStateCache.ts';
import { hiddenStateLayout } from './hiddenStateLayout.ts';
import { MOST_BYTES_IN_MEMORY } from './hiddenStateStore.ts';
import { sizeOf, trainableSpecs, weightsIn } from './initialEngineState.ts';
import { optionsFor } from './programs.ts';
import { stepsOfEpoch } from './rows.ts';
import { stagesOf } from './schedule.ts';

export interface PlannedRun {
  readonly config: RunConfig;
  readonly model: ModelFolder;
  /** Another model for reference log-probabilities: it is held beside the one that trains until they are known. */
  readonly reference?: ModelFolder | null;
  readonly shape: RowShape;
  /** See `PreparedRun`; as `shape` and the settings say by default. */
  readonly stepShape?: RowShape;
  readonly sums?: boolean;
  /** All pairs, where they are known: whether hidden states are kept while the backbone rests depends on them. */
  readonly pairs?: readonly EncodedPair[];
}
export interface Memory {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

const FLOAT_BYTES = 4;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** The process with its libraries, a tokenizer and the pairs: measured before a model is loaded. */
const PROCESS_BYTES = 165 * MIB;
/** A piece of the tokenizer's vocabulary, with what reading it leaves behind. */
const PIECE_BYTES = 1150;
/** A session beside the arrays of its runs: the graph, kernels, threads. */
const SESSION_BYTES = 14 * MIB;
/** A recorded graph and what writing it leaves behind until it is collected, for each node. */
const NODE_BYTES = 4 * 1024;

export function trainableParameters(config: RunConfig, model: ModelFolder): number {
  const specs = trainableSpecs(parameterGroups(config, model.config));
  return Object.values(specs).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

const bytesOf = (specs: NamedSpecs): number =>
  FLOAT_BYTES * Object.values(specs).reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** `auto` is planned as the processor: what it takes there, memory of the machine, is what this process can know of. */
const engineOf = ({ engine }: RunConfig): EngineName => (engine === 'auto' ? 'onnx-cpu' : engine);

const sumsIn = ({ config, sums }: PlannedRun): boolean => sums ?? sumsRows(config);

function stateOf(run: PlannedRun): NamedSpecs {
  const { config, model } = run;
  const groups = parameterGroups(config, model.config);
  const trained = trainableSpecs(groups);
  return {
    ...trained,
    ...groups.fixed,
    ...momentSpecs(trained),
    ...(sumsIn(run) && gradientSpecs(trained)),
  };
}

type Moment = Stage | 'reference' | 'states';

/** Bytes of hidden states that are kept in memory while the backbone rests; null where they are computed in each step. */
export function keptStates(run: PlannedRun): number | null {
  const { config, model, shape, pairs } = run;
  if (pairs === undefined || !stagesOf(config).includes('heads')) return null;
  const below = injectedInto(optionsFor(run, 'heads'))[0];
  const bytes = hiddenStateBytes(
    hiddenStateLayout(model.config.hiddenSize, below !== undefined, config.latent?.pooling ?? 'last'),
    pairs,
  );
  const { heldOutShare } = config;
  const stepsPerEpoch = (1 - heldOutShare) * stepsOfEpoch(pairs, run.stepShape ?? shape, config);
  if (!worthCaching(bytes, backbonePasses(run, { count: pairs.length, stepsPerEpoch, heldOutShare })))
    return null;
  return bytes <= MOST_BYTES_IN_MEMORY ? bytes : 0;
}

/** Programs that are there together. */
function programsOf(run: PlannedRun, moment: Moment, statesKept: boolean): Program[] {
  if (moment === 'reference') {
    const other = run.reference ? { ...run, model: run.reference } : run;
    const weightsIn = run.reference ? ('constants' as const) : optionsFor(run, 'heads').weightsIn;
    return [referenceProgram({ ...optionsFor(other, 'heads'), weightsIn })];
  }
  if (moment === 'states') return [hiddenStatesProgram(optionsFor(run, 'heads'))];
  const hiddenStatesFrom = moment === 'heads' && statesKept ? 'inputs' : 'row';
  const options: ProgramOptions = { ...optionsFor(run, moment), hiddenStatesFrom };
  const step = sumsIn(run) ? [accumulateProgram(options), applyProgram(options)] : [trainProgram(options)];
  return [...step, evaluationProgram(options)];
}

const programBytes = ({ workBytes, ownConstantBytes, nodes }: ProgramMemory): number =>
  workBytes + ownConstantBytes + SESSION_BYTES + NODE_BYTES * nodes;

/**
 * Peak of a run in bytes, process included: process, frozen weights, state (parameters and moments; what a step writes
 * exists twice), a copy of it while a checkpoint is written, and the arrays of the programs that are there together,
 * followed through their recorded graphs; the largest of the run's stages.
 */
export function peakBytes(run: PlannedRun): number {
  const { config, model } = run;
  const engine = engineOf(config);
  const state = stateOf(run);
  const constants = weightsIn(config) === 'constants' ? model.tensors : {};
  const fixed =
    PROCESS_BYTES + PIECE_BYTES * model.config.vocabulary + constantBytes(engine, constants) + bytesOf(state);
  const states = keptStates(run);
  const written = new Set<string>();
  const moments: Moment[] = [
    ...(OBJECTIVE_FACTS[config.objective].readsReference ? ['reference' as const] : []),
    ...(states === null ? [] : ['states' as const]),
    ...stagesOf(config),
  ];
  const peaks = moments.map((moment) => {
    const own = moment === 'reference' && run.reference ? run.reference.tensors : null;
    const plans = programsOf(run, moment, states !== null).map((program) =>
      planProgram(program, { state, constants: own ?? constants }, engine),
    );
    const beside = own === null ? 0 : constantBytes(engine, own);
    for (const name of plans.flatMap(({ writes }) => writes)) written.add(name);
    const spares = bytesOf(Object.fromEntries([...written].map((name) => [name, state[name]!])));
    const trains = moment === 'heads' || moment === 'all';
    const checkpoint = trains ? bytesOf(state) : 0;
    const kept = moment === 'heads' || moment === 'states' ? (states ?? 0) : 0;
    return beside + kept + spares + checkpoint + plans.reduce((sum, plan) => sum + programBytes(plan), 0);
  });
  return fixed + Math.max(0, ...peaks);
}

/** Twice what a layer's arrays come to, forward and backward, were all of them kept. */
const ARRAYS_PER_LAYER = 48;

/**
 * More than a run of this size can take, without recording anything: recording takes a second or so, which short runs on
 * a machine with memory to spare need not pay.
 */
export function mostBytes({ config, model, shape }: PlannedRun): number {
  const { hiddenSize, intermediateSize, layers, heads, vocabulary } = model.config;
  const { tokens, responses } = shape;
  const width = hiddenSize + intermediateSize + heads * tokens;
  const arrays = tokens * layers * ARRAYS_PER_LAYER * width + 16 * responses * vocabulary;
  const state = 8 * trainableParameters(config, model);
  return (
    2 * PROCESS_BYTES + PIECE_BYTES * vocabulary + FLOAT_BYTES * (arrays + state + 2 * model.info.parameters)
  );
}

const SMALLEST_BUDGET = 64;

/** The same pairs in rows of another length. */
function withTokens({ shape, ...run }: PlannedRun, tokens: number): PlannedRun {
  const share = tokens / shape.tokens;
  const { span } = shape;
  return {
    ...run,
    config: { ...run.config, tokenBudget: tokens },
    shape: {
      tokens,
      responses: Math.max(1, Math.ceil(shape.responses * share)),
      pairs: Math.max(1, Math.ceil(shape.pairs * share)),
      ...(span !== undefined && span < tokens && { span }),
    },
  };
}

/** The largest of half, a quarter, … of the row whose run stays within `bytes`; null where none does. */
export function fittingBudget(run: PlannedRun, bytes: number): number | null {
  for (
    let tokens = Math.floor(run.shape.tokens / 2);
    tokens >= SMALLEST_BUDGET;
    tokens = Math.floor(tokens / 2)
  ) {
    if (peakBytes(withTokens(run, tokens)) <= bytes) return tokens;
  }
  return null;
}

const inGib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

/** What to change so that the run stays within `bytes`. */
function remedy(run: PlannedRun, bytes: number): Pick<WarningFrame, 'fix' | 'suggestion'> {
  const { trainable, recompute } = run.config;
  const lighter = trainable === 'full' ? ', or train LoRA or heads instead of the full model' : '';
  const again = recompute || trainable === 'heads' ? '' : ', or turn recomputation on';
  const budget = fittingBudget(run, bytes);
  if (budget === null) {
    const heads = trainable === 'heads' ? '' : 'train heads alone, or ';
    return { fix: `No token budget makes it fit: ${heads}choose a smaller model.` };
  }
  return {
    fix: `Set a token budget of ${budget}, which fits${again}${lighter}.`,
    suggestion: {
      field: 'tokenBudget',
      value: budget,
      label: `a token budget of ${budget.toLocaleString('en-US')}`,
    },
  };
}

const machineMemory = (): Memory => ({
  freeBytes: process.availableMemory(),
  // A container may be held to less than the machine has; 0 or a huge number where it is not.
  totalBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
});

/** Refuses a run that this machine can't hold, before it takes anything; warns where memory will be short. */
export function planMemory(run: PlannedRun, memory: Memory = machineMemory()): WarningFrame | null {
  const { freeBytes, totalBytes } = memory;
  if (mostBytes(run) <= Math.min(freeBytes, totalBytes)) return null;
  const neededBytes = peakBytes(run);
  if (neededBytes > totalBytes) {
    throw new FacetError({
      code: 'train.too-large',
      message: `The run needs about ${inGib(neededBytes)} of memory; this machine has ${inGib(totalBytes)}.`,
      ...remedy(run, totalBytes),
    });
  }
  if (neededBytes <= freeBytes) return null;
  return {
    type: 'warning',
    step: 0,
    code: 'memory-short',
    message: `The run needs about ${inGib(neededBytes)} of memory, and ${inGib(freeBytes)} is free: it may become slow, or the system may end it.`,
    ...remedy(run, freeBytes),
  };
}
