import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { OBJECTIVES } from '#core/methods.ts';
import { PRESET_NAMES, STARTING_PRESET_NAME } from '#core/presets.ts';
import { FacetError } from '#core/result.ts';
import { DEFAULT_RUN, TRAINABLE } from '#core/runConfig.ts';
import { readText } from '#disk/readText.ts';
import { labelScopeSchema } from '#shared/entities.ts';
import { rayOptionsSchema } from '#shared/jobContract.ts';
import { type OutputOptions, printResult } from './output.ts';
import { runConfigFrom, type SettingOptions } from './runSettings.ts';
import { withProject } from './session.ts';
import { modelIdOf } from './trainCommand.ts';

interface MakeOptions extends OutputOptions, SettingOptions {
  readonly project: string;
  readonly out: string;
  readonly model?: string;
  readonly hub?: string;
  readonly revision?: string;
  readonly withModel?: boolean;
  readonly name?: string;
  readonly labels: string;
}

async function makeJob(options: MakeOptions): Promise<void> {
  const config = runConfigFrom(options);
  const selection = { labels: labelScopeSchema.parse(options.labels), sourceIds: null };
  const { hub, revision = null } = options;
  const made = await withProject(options.project, false, async (facet) =>
    facet.services.jobs.make({
      out: options.out,
      name: options.name,
      modelId: await modelIdOf(facet, options.model),
      config,
      selection,
      hub: hub === undefined ? null : { repo: hub, revision },
      withModel: options.withModel === true,
    }),
  );
  printResult(options, made, () => [
    `${made.folder}: ${made.job.pairs} pairs, ${made.job.prompts} prompts, ${made.job.config.steps} steps`,
    'its README.md says how to start it; the result comes back with facet job take',
  ]);
}

function addMakeCommand(job: Command): void {
  job
    .command('make')
    .description('write a folder that PyTorch trains on another machine (torchrun, Slurm or Ray)')
    .requiredOption('-p, --project <file>', 'project file')
    .requiredOption('-o, --out <folder>', 'folder to make; nothing that is there is replaced')
    .option('-m, --model <folder>', 'model folder in the Hugging Face layout (default: the starter model)')
    .option('--hub <repository>', 'where that machine finds the same model on the hub, e.g. org/name')
    .option('--revision <commit>', 'of the repository: a commit keeps it the same')
    .option('--with-model', 'copy the model’s files into the folder')
    .option('--name <name>', 'what the run will be called')
    .addOption(
      new Option('--preset <name>', 'settings to begin with; any other option changes them')
        .choices(PRESET_NAMES)
        .default(STARTING_PRESET_NAME),
    )
    .addOption(new Option('--objective <name>', `default ${DEFAULT_RUN.objective}`).choices(OBJECTIVES))
    .option('--no-latent', 'train the plain objective, without preference codes')
    .addOption(new Option('--trainable <part>', 'default: as the preset says').choices(TRAINABLE))
    .option('--steps <n>', 'default: as the preset says')
    .option('--seed <n>', `default ${DEFAULT_RUN.seed}`)
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
    )
    .option('--json', 'print the result as JSON')
    .action(makeJob);
}

interface TakeOptions extends OutputOptions {
  readonly project: string;
}

async function takeJob(path: string, options: TakeOptions): Promise<void> {
  const run = await withProject(options.project, false, async (facet) => {
    const taken = await facet.services.jobs.take(path);
    return facet.services.runs.wait(taken.id);
  });
  printResult(options, run, () => [
    `run ${run.id} (${run.name}): ${run.state} at step ${run.step} of ${run.config.steps} on ${run.pairs} pairs, ${run.engine}`,
    ...(run.failure ? [`${run.failure.message} ${run.failure.fix ?? ''}`.trim()] : []),
  ]);
}

function addTakeCommand(job: Command): void {
  job
    .command('take')
    .description('make a run of a job’s result, or bring it up to date; the same result may be taken again')
    .argument('<result>', 'folder result of the job, or result.zip; or its folder scores')
    .requiredOption('-p, --project <file>', 'project that made the job')
    .option('--json', 'print the run as JSON')
    .action(takeJob);
}

interface RayCommandOptions extends OutputOptions {
  readonly project: string;
}

interface SubmitOptions extends RayCommandOptions {
  readonly address: string;
  readonly to: string;
  readonly workers: string;
  readonly gpu?: boolean;
  readonly precision: string;
}

/** A job is named by its folder, which says which of the project's it is. */
async function jobIdOf(folder: string): Promise<string> {
  const file = resolve(folder, 'job.json');
  const text = await readText(file).catch(() => null);
  if (text !== null) return z.object({ id: z.uuid() }).parse(JSON.parse(text)).id;
  throw new FacetError({
    code: 'job.no-folder',
    message: `${folder} is no job folder: it holds no job.json.`,
    fix: 'Make one: facet job make.',
    where: { file },
  });
}

async function submitJob(folder: string, options: SubmitOptions): Promise<void> {
  const id = await jobIdOf(folder);
  const workers = Number(options.workers);
  const { address, to: out, gpu = false, precision } = options;
  const asked = rayOptionsSchema.parse({ address, out, workers, gpu, precision });
  const sent = await withProject(options.project, false, (facet) => facet.services.ray.submit(id, asked));
  printResult(options, sent, () => [
    `${sent.name}: sent to ${sent.ray?.address} as ${sent.ray?.submissionId}`,
    `facet job status ${folder} --project ${options.project} says how far it is`,
  ]);
}

async function showJob(folder: string, options: RayCommandOptions): Promise<void> {
  const id = await jobIdOf(folder);
  const status = await withProject(options.project, false, (facet) => facet.services.ray.status(id));
  printResult(options, status, () => [
    `${status.state}${status.message ? `: ${status.message}` : ''}`,
    status.log,
  ]);
}

async function stopJob(folder: string, options: RayCommandOptions): Promise<void> {
  const id = await jobIdOf(folder);
  await withProject(options.project, false, (facet) => facet.services.ray.stop(id));
  printResult(options, { id }, () => [
    'asked to stop; its last checkpoint is kept, and the steps since are lost',
  ]);
}

function addRayCommands(job: Command): void {
  const onRay = (name: string, description: string): Command =>
    job
      .command(name)
      .description(description)
      .argument('<folder>', 'folder of the job')
      .requiredOption('-p, --project <file>', 'project that made the job')
      .option('--json', 'print the result as JSON');
  onRay(
    'submit',
    'send a job to a Ray cluster and start it there; RAY_AUTH_TOKEN is its token, where it has one',
  )
    .requiredOption('--address <url>', 'of the cluster’s dashboard, e.g. http://localhost:8265')
    .requiredOption('--to <folder>', 'result folder that every worker can write to, e.g. /shared/result')
    .option('--workers <n>', 'processes', '1')
    .option('--gpu', 'one GPU a worker')
    .addOption(new Option('--precision <name>').choices(['float32', 'bfloat16']).default('float32'))
    .action(submitJob);
  onRay('status', 'what a Ray cluster says of the job, and the end of its log').action(showJob);
  onRay('stop', 'end the job on its Ray cluster at once; its last checkpoint is kept').action(stopJob);
}

export function addJobCommand(program: Command): void {
  const job = program
    .command('job')
    .description('train elsewhere: hand a run over, and take its result back');
  addMakeCommand(job);
  addTakeCommand(job);
  addRayCommands(job);
}
