/** Training steps as programs: of one row in one go, or of several rows whose gradients are summed first. */
import type { NamedSpecs, NamedTensors, Program, Tensor, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { CODE_LENGTH, lookupIn } from '../method/heads.ts';
import { adamwStep, momentSpecs } from '../optimiser/adamw.ts';
import {
  type ParameterGroups,
  type ProgramOptions,
  parameterGroups,
  policyReads,
  programName,
  trainedIn,
} from './policy.ts';
import { rowGradients, SCALAR, trainRowInputs } from './trainForward.ts';

/** Rates and bias corrections by group, scalars; those of the heads only where the run has a latent. */
function updateInputs({ config }: Pick<ProgramOptions, 'config'>): NamedSpecs {
  return {
    learningRate: SCALAR,
    biasCorrection1: SCALAR,
    biasCorrection2: SCALAR,
    ...(config.latent && {
      headsLearningRate: SCALAR,
      codebookLearningRate: SCALAR,
      lengthLearningRate: SCALAR,
      headsBiasCorrection1: SCALAR,
      headsBiasCorrection2: SCALAR,
    }),
  };
}

const decays = (name: string): boolean =>
  !name.startsWith('codebook') && !name.endsWith('.bias') && !/norm\.weight$/.test(name);

/** Rates of heads that don't take that of the heads. */
const HEAD_RATES: Readonly<Record<string, string>> = {
  codebook: 'codebookLearningRate',
  [CODE_LENGTH]: 'lengthLearningRate',
};

function ratesOf(groups: ParameterGroups, name: string, inputs: NamedTensors) {
  const input = (key: string): Tensor => inputs[key] as Tensor;
  if (!(name in groups.heads))
    return {
      learningRate: input('learningRate'),
      biasCorrection1: input('biasCorrection1'),
      biasCorrection2: input('biasCorrection2'),
    };
  return {
    learningRate: input(HEAD_RATES[name] ?? 'headsLearningRate'),
    biasCorrection1: input('headsBiasCorrection1'),
    biasCorrection2: input('headsBiasCorrection2'),
  };
}

interface Trained {
  readonly groups: ParameterGroups;
  readonly names: readonly string[];
  readonly specs: NamedSpecs;
  readonly moments: readonly string[];
}

function trainedBy({ config, backbone, stage }: ProgramOptions): Trained {
  const groups = parameterGroups(config, backbone);
  const specs = trainedIn(stage, groups);
  const names = Object.keys(specs);
  return { groups, names, specs, moments: Object.keys(momentSpecs(specs)) };
}

function update(
  options: ProgramOptions,
  { groups, names }: Trained,
  gradients: NamedTensors,
  state: NamedTensors,
  inputs: NamedTensors,
) {
  return adamwStep({
    parameters: names,
    state: (name) => state[name] as Tensor,
    gradients,
    ratesOf: (name) => ratesOf(groups, name, inputs),
    weightDecay: options.config.weightDecay,
    decays,
    clipNorm: options.config.clipNorm,
  });
}

/**
 * A step of one row: forward, gradients, clipping, AdamW. Inputs: `trainRowInputs`, rates and bias corrections by group.
 * Outputs: `loss` [], `gradNorm` [] and those of `rowGradients`.
 */
export function trainProgram(options: ProgramOptions): Program {
  const trained = trainedBy(options);
  const reads = policyReads(options);
  return {
    name: programName('train', options),
    inputs: { ...trainRowInputs(options), ...updateInputs(options) },
    state: [...new Set([...reads.state, ...trained.moments])],
    constants: reads.constants,
    build({ inputs, state, constants }) {
      const lookup = (current: NamedTensors) => lookupIn(current, state, constants);
      const { loss, gradients, outputs } = rowGradients(options, trained.names, lookup, state, inputs);
      const step = update(options, trained, gradients, state, inputs);
      return { outputs: { loss, gradNorm: step.gradNorm, ...outputs }, state: step.state };
    },
  };
}

const gradientName = (name: string): string => `gradient.${name}`;

/** State that holds the summed gradients of a step, for runs that accumulate. */
export const gradientSpecs = (parameters: NamedSpecs): Record<string, TensorSpec> =>
  Object.fromEntries(Object.entries(parameters).map(([name, spec]) => [gradientName(name), spec]));

/**
 * Adds a row's gradients to the step's, which stay in the engine. Inputs: `trainRowInputs` and `carry` [], 0 at the
 * step's first row and 1 after it. Outputs: `loss` [] (the row's part) and those of `rowGradients`.
 */
export function accumulateProgram(options: ProgramOptions): Program {
  const { names, specs } = trainedBy(options);
  const reads = policyReads(options);
  return {
    name: programName('accumulate', options),
    inputs: { ...trainRowInputs(options), carry: SCALAR },
    state: [...new Set([...reads.state, ...names, ...Object.keys(gradientSpecs(specs))])],
    constants: reads.constants,
    build({ inputs, state, constants }) {
      const lookup = (current: NamedTensors) => lookupIn(current, state, constants);
      const { loss, gradients, outputs } = rowGradients(options, names, lookup, state, inputs);
      const sums = names.map((name) => {
        const before = tf.mul(state[gradientName(name)] as Tensor, inputs.carry as Tensor);
        return [gradientName(name), tf.add(before, gradients[name] as Tensor)];
      });
      return { outputs: { loss, ...outputs }, state: Object.fromEntries(sums) };
    },
  };
}

/** Clipping and AdamW on the summed gradients. Inputs: rates and bias corrections. Output: `gradNorm` []. */
export function applyProgram(options: ProgramOptions): Program {
  const trained = trainedBy(options);
  const gradients = Object.keys(gradientSpecs(trained.specs));
  return {
    name: programName('apply', options),
    inputs: updateInputs(options),
    state: [...trained.names, ...trained.moments, ...gradients],
    constants: [],
    build({ inputs, state }) {
      const sums = Object.fromEntries(
        trained.names.map((name) => [name, state[gradientName(name)] as Tensor]),
      );
      const step = update(options, trained, sums, state, inputs);
      return { outputs: { gradNorm: step.gradNorm }, state: step.state };
    },
  };
}
