import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CHAT_TEMPLATES } from '#core/chatTemplates.ts';
import { accuracyName, OBJECTIVES } from '#core/methods.ts';
import { forTerminal } from '#core/plainText.ts';
import { PRESET_NAMES, STARTING_PRESET_NAME } from '#core/presets.ts';
import { FacetError } from '#core/result.ts';
import { runCautions } from '#core/runCautions.ts';
import { DEFAULT_RUN, ENGINES, type RunConfig, TRAINABLE, WEIGHTS } from '#core/runConfig.ts';
import type { EvaluationFrame, RunFrame } from '#core/runFrames.ts';
import { definedFailure } from '#shared/definedFailure.ts';
import type { Model, Run } from '#shared/entities.ts';
import { labelScopeSchema } from '#shared/entities.ts';
import type { Facet } from '../app.ts';
import { dryRunLines } from './dryRunLines.ts';
import { type OutputOptions, percent, printResult, progressLine } from './output.ts';
import { cautionLines, runConfigFrom, type SettingOptions } from './runSettings.ts';
import { withProject } from './session.ts';

interface TrainOptions extends OutputOptions, SettingOptions {
  readonly project: string;
  readonly model?: string;
  readonly name?: string;
  readonly labels: string;
  readonly resume?: string;
  readonly tokenBudget?: string;
  readonly dryRun?: boolean;
  readonly reference?: string;
}

/** The named folder's model, or the bundled starter. */
async function modelOf(facet: Facet, folder: string | undefined): Promise<Model> {
  if (folder) return facet.services.models.add(resolve(folder));
  const bundled = (await facet.services.models.list()).find((model) => model.bundled);
  if (bundled) return bundled;
  throw new FacetError({
    code: 'cli.no-model',
    message: 'the starter model is missing',
    fix: 'Name a model folder with --model, or build the starter: npm run build:starter',
  });
}

export const modelIdOf = async (facet: Facet, folder: string | undefined): Promise<number> =>
  (await modelOf(facet, folder)).id;

/** The settings with the named reference, which is added as a model where it is none yet. */
async function withReference(
  facet: Facet,
  folder: string | undefined,
  config: RunConfig,
): Promise<RunConfig> {
  if (folder === undefined) return config;
  return { ...config, referenceModel: (await facet.services.models.add(resolve(folder))).path };
}

/** The model, once what is most likely not meant has been said of the settings for it. */
async function modelAndCautions(facet: Facet, folder: string | undefined, config: RunConfig): Promise<Model> {
  const model = await modelOf(facet, folder);
  for (const line of cautionLines(config, model.info)) process.stderr.write(`${forTerminal(line)}\n`);
  return model;
}

function showFrame(frame: RunFrame, progress: ReturnType<typeof progressLine>): void {
  if (frame.type === 'warning') progress.note(`warning: ${frame.message} fix: ${frame.fix}`);
  else if (frame.type === 'engine') {
    progress.note(`engine: ${frame.engine}${frame.fallback ? ` (${frame.fallback})` : ''}`);
  } else if (frame.type === 'phase') {
    const share = frame.total > 0 ? frame.done / frame.total : 0;
    // A line of its own: on a line that is rewritten, and under a key that was told already, it would be lost.
    if (frame.note) progress.note(`${frame.phase}: ${frame.note}`);
    progress.update(`${frame.phase} ${Math.floor(10 * share)}`, `${frame.phase} ${percent(share)}`);
  } else if (frame.type === 'step') {
    const tenth = Math.floor((10 * frame.step) / frame.totalSteps);
    const codes = frame.codePerplexity === null ? '' : `, codes in use ${frame.codePerplexity.toFixed(1)}`;
    progress.update(
      `step ${tenth}`,
      `step ${frame.step}/${frame.totalSteps}, loss ${frame.loss.toFixed(4)}, accuracy ${percent(frame.accuracy)}` +
        `, margin ${frame.margin.toFixed(3)}${codes}, ${Math.round(frame.timeLeftMs / 1000)} s left`,
    );
  }
}

interface Outcome {
  readonly run: Run;
  readonly evaluation: EvaluationFrame | null;
  /** Loss of step 1; null where it was not reached. ln 2 means that the policy began as the reference. */
  readonly firstLoss: number | null;
}

/** Ctrl+C once asks the run to end and keep what it has. */
async function follow(facet: Facet, runId: number): Promise<Outcome> {
  const progress = progressLine();
  let evaluation: EvaluationFrame | null = null;
  let firstLoss: number | null = null;
  const stop = () => {
    progress.note('stopping after this step; the checkpoint is kept');
    Promise.resolve(facet.services.runs.stop(runId)).catch((error: unknown) => progress.note(String(error)));
  };
  process.once('SIGINT', stop);
  try {
    for await (const frame of facet.services.runs.frames(runId)) {
      showFrame(frame, progress);
      if (frame.type === 'evaluation') evaluation = frame;
      if (frame.type === 'step' && frame.step === 1) firstLoss = frame.loss;
    }
    return { run: await facet.services.runs.wait(runId), evaluation, firstLoss };
  } finally {
    process.off('SIGINT', stop);
    progress.end();
  }
}

function resultLines(run: Run, evaluation: EvaluationFrame | null): string[] {
  const head = `run ${run.id} (${run.name}): ${run.state} at step ${run.step} of ${run.config.steps} on ${run.pairs} pairs, ${run.engine ?? 'no engine'}`;
  if (!evaluation) return [head];
  const { accuracy, margin, pairs, codePerplexity } = evaluation;
  const codes = codePerplexity === null ? '' : `, code perplexity ${codePerplexity.toFixed(2)}`;
  return [
    head,
    `held out (${pairs} pairs): ${accuracyName(run.config)} ${percent(accuracy)}, margin ${margin.toFixed(4)}${codes}`,
  ];
}

function runNumber(given: string): number {
  if (/^\d+$/.test(given)) return Number(given);
  throw new FacetError({
    code: 'cli.bad-run',
    message: `--resume ${given} is not the number of a run`,
    fix: 'Give the number that facet train printed, as --resume 3.',
  });
}

function smallerBudget(given: string): number {
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  throw new FacetError({
    code: 'cli.bad-budget',
    message: `--token-budget ${given} is not a number of tokens`,
    fix: 'Give a whole number, as --token-budget 512.',
  });
}

/** What the form says beside its settings: nothing is stored, nothing trained. */
async function dryRun(options: TrainOptions, config: RunConfig): Promise<void> {
  if (options.resume !== undefined)
    throw new FacetError({
      code: 'cli.dry-resume',
      message: '--dry-run looks at a run that is to begin; --resume goes on with one that has its settings.',
      fix: 'Leave one of the two out.',
    });
  const selection = { labels: labelScopeSchema.parse(options.labels), sourceIds: null };
  const { model, estimate } = await withProject(options.project, false, async (facet) => {
    const model = await modelAndCautions(facet, options.model, config);
    const whole = await withReference(facet, options.reference, config);
    return {
      model,
      estimate: await facet.services.runs.estimate({ modelId: model.id, config: whole, selection }),
    };
  });
  printResult(options, { config, cautions: runCautions(config, model.info), ...estimate }, () =>
    dryRunLines(config, estimate),
  );
}

async function train(options: TrainOptions): Promise<void> {
  const config = runConfigFrom(options);
  if (options.dryRun) return dryRun(options, config);
  const labels = labelScopeSchema.parse(options.labels);
  const outcome = await withProject(options.project, false, async (facet) => {
    if (options.resume !== undefined) {
      const resumed = await facet.services.runs.resume(
        runNumber(options.resume),
        options.tokenBudget === undefined ? undefined : smallerBudget(options.tokenBudget),
      );
      return follow(facet, resumed.id);
    }
    const { id: modelId } = await modelAndCautions(facet, options.model, config);
    const selection = { labels, sourceIds: null };
    const whole = await withReference(facet, options.reference, config);
    const started = await facet.services.runs.start({
      name: options.name,
      modelId,
      config: whole,
      selection,
    });
    return follow(facet, started.id);
  });
  if (outcome.run.failure) throw new FacetError(definedFailure(outcome.run.failure));
  printResult(options, outcome, () => resultLines(outcome.run, outcome.evaluation));
}

/** Settings of a run as options. */
export const withSettings = (command: Command): Command =>
  command
    .addOption(
      new Option('--preset <name>', 'settings to begin with; any other option changes them')
        .choices(PRESET_NAMES)
        .default(STARTING_PRESET_NAME),
    )
    .addOption(new Option('--objective <name>', `default ${DEFAULT_RUN.objective}`).choices(OBJECTIVES))
    .option('--no-latent', 'train the plain objective, without preference codes')
    .addOption(new Option('--trainable <part>', 'default: as the preset says').choices(TRAINABLE))
    .option('--steps <n>', 'default: as the preset says; heads alone take the steps before adapters join')
    .option('--seed <n>', `default ${DEFAULT_RUN.seed}`)
    .addOption(new Option('--engine <name>', `default ${DEFAULT_RUN.engine}`).choices(ENGINES))
    .addOption(
      new Option('--weights <bits>', `frozen weights in memory, default ${DEFAULT_RUN.weights}`).choices(
        WEIGHTS,
      ),
    )
    .option(
      '--reference <folder>',
      'model that the objective compares with, in the place of the one that trains; the same tokenizer',
    )
    .option(
      '--from <run|folder>',
      'what the run starts from: an earlier run of the model by its number (3, or 3@best), or the folder of a PEFT adapter',
    )
    .option(
      '--chat-template <name|file>',
      `how dialogues are written: ${CHAT_TEMPLATES.join(', ')}, or a Jinja file (default: the model's own, else plain)`,
    )
    .addOption(
      new Option('--labels <scope>', 'which labels to train on')
        .choices(labelScopeSchema.options)
        .default('people-then-imported'),
    )
    .option(
      '--set <key=value>',
      'any other setting, e.g. learningRate=0.001 or latent.codes=16; may be repeated',
      (value: string, before: string[]) => [...before, value],
      [] as string[],
    );

export const addTrainCommand = (program: Command): void => {
  withSettings(
    program
      .command('train')
      .description("train on a project's labelled pairs; Ctrl+C ends after the current step and keeps it")
      .requiredOption('-p, --project <file>', 'project file')
      .option('-m, --model <folder>', 'model folder in the Hugging Face layout (default: the starter model)')
      .option('--name <name>', 'what to call the run'),
  )
    .option('--dry-run', 'say what the run would take, cut and leave out, and train nothing')
    .option('--resume <run>', 'resume a run that was stopped or interrupted, with its own settings')
    .option(
      '--token-budget <n>',
      'with --resume: compute the same steps in shorter rows, for a run that had no memory left',
    )
    .option('--json', 'print the result as JSON')
    .action(train);
};
