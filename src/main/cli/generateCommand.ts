import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { BEST_OF_ANY_RUN, CHECKPOINT_KINDS } from '#core/bestCheckpoint.ts';
import type { GenerateResult } from '#core/jobs.ts';
import { LATER_SETTINGS } from '#core/laterSettings.ts';
import { codesOf, LATENT_KINDS } from '#core/methods.ts';
import { forTerminal } from '#core/plainText.ts';
import { FacetError, unwrap } from '#core/result.ts';
import { ENGINES, type EngineChoice } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { hashText } from '#disk/hash.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { readText } from '#disk/readText.ts';
import { checkpointKindSchema } from '#shared/entities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { startForkedWorker } from '../compute/forkLink.ts';
import { createWorkerPool } from '../compute/workerPool.ts';
import { resourcesDir, workerEntry } from '../environment.ts';
import { type FilePrompt, readPromptFile } from '../import/readPrompts.ts';
import { interruptible } from './interruptible.ts';
import { type OutputOptions, printResult } from './output.ts';
import { codesFrom, type SamplingOptions, samplingFrom } from './samplingOptions.ts';
import { runIdOf } from './scoreCommand.ts';
import { withProject } from './session.ts';

interface GenerateOptions extends OutputOptions, SamplingOptions {
  readonly model?: string;
  readonly checkpoint?: string;
  readonly project?: string;
  readonly run?: string;
  readonly prompt?: string;
  readonly prompts?: string;
  readonly to?: string;
  readonly n: string;
  readonly codes: string;
  readonly engine?: string;
}

interface Policy {
  readonly modelDir: string;
  readonly checkpointDir: string | null;
  readonly engine: EngineChoice;
}

const bad = (message: string, fix: string): FacetError =>
  new FacetError({ code: 'cli.bad-options', message, fix });

const trainedSchema = z.object({
  run: z.object({
    latent: z
      .object({
        codes: z.number(),
        kind: z.enum(LATENT_KINDS).default(LATER_SETTINGS.trainingLoop.latent.kind),
      })
      .nullable(),
  }),
});

/** Codes of a checkpoint; null for the base model and for runs without a codebook. */
async function codesOfCheckpoint(checkpointDir: string | null): Promise<number | null> {
  if (checkpointDir === null) return null;
  let text: string;
  try {
    text = await readText(join(checkpointDir, 'config.json'));
  } catch {
    // The job says what is wrong with the folder.
    return null;
  }
  return codesOf(trainedSchema.parse(JSON.parse(text)).run);
}

/** A run of a project, a checkpoint's folder, or a model folder as it is. */
async function policyOf(options: GenerateOptions): Promise<Policy> {
  const engine = (options.engine ?? 'auto') as EngineChoice;
  if (options.project !== undefined) {
    if (options.model !== undefined)
      throw bad('--project and --model exclude each other', 'Leave out --model: the run knows it.');
    const checkpoint = checkpointKindSchema.optional().safeParse(options.checkpoint);
    if (!checkpoint.success)
      throw bad(
        `--checkpoint ${options.checkpoint} is none of a run`,
        `With --project, give ${CHECKPOINT_KINDS.join(' or ')}.`,
      );
    const chosen = await withProject(options.project, false, async ({ services }) => {
      const runId = runIdOf({ services } as Parameters<typeof runIdOf>[0], options.run);
      return services.playground.policy({
        modelId: services.runs.get(runId).modelId,
        runId,
        checkpoint: checkpoint.data,
      });
    });
    const { modelDir, checkpointDir } = chosen;
    return { modelDir, checkpointDir, engine: options.engine ? engine : chosen.engine };
  }
  if (options.run !== undefined) throw bad('--run needs its project', 'Name it: --project FILE.');
  return {
    modelDir: resolve(options.model ?? join(resourcesDir, 'starter')),
    checkpointDir: options.checkpoint === undefined ? null : resolve(options.checkpoint),
    engine,
  };
}

function countOf(options: GenerateOptions): number {
  const count = Number(options.n);
  if (Number.isInteger(count) && count >= 1 && count <= 16) return count;
  throw bad(`--n ${options.n} is not between 1 and 16`, 'Give the number of replies per prompt.');
}

function replyLines({ replies, tokensPerSecond, timeToFirstTokenMs }: GenerateResult): string[] {
  const many = replies.length > 1;
  const texts = replies.flatMap(({ text, tokens, finish, logp }, index) =>
    many ? [`#${index + 1} (${tokens} tokens, ${finish}, log-probability ${logp.toFixed(2)})`, text] : [text],
  );
  process.stderr.write(
    `${tokensPerSecond.toFixed(0)} tokens/s, first token after ${timeToFirstTokenMs.toFixed(0)} ms\n`,
  );
  return texts;
}

/** One reply goes to the terminal as it comes; several, or JSON, when they are whole. */
async function one(compute: ComputeClient, policy: Policy, options: GenerateOptions): Promise<void> {
  const samples = countOf(options);
  const streams = samples === 1 && !options.json && process.stdout.isTTY;
  const result = await interruptible(async ({ onFrame, stop }) => {
    const job = {
      kind: 'generate',
      ...policy,
      messages: [{ role: 'user', content: options.prompt ?? '' }],
      sampling: samplingFrom(options),
      samples,
      codes: codesFrom(options.codes, await codesOfCheckpoint(policy.checkpointDir)),
    } as const;
    const show = (frame: RunFrame): void => {
      if (frame.type === 'text' && streams) process.stdout.write(forTerminal(frame.text));
      else if (frame.type !== 'text') onFrame?.(frame);
    };
    return unwrap(await compute.run<'generate'>(job, { onFrame: show, ...(stop && { stop }) }));
  });
  if (streams) process.stdout.write('\n');
  else printResult(options, result, () => replyLines(result));
}

/** Ids that repeat are told apart: an answer belongs to a row. */
function withOwnIds(prompts: readonly FilePrompt[]): FilePrompt[] {
  const seen = new Map<string, number>();
  return prompts.map(({ id, messages }) => {
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return { id: count === 1 ? id : `${id}#${count}`, messages };
  });
}

async function many(compute: ComputeClient, policy: Policy, options: GenerateOptions): Promise<void> {
  const file = resolve(options.prompts ?? '');
  const prompts = withOwnIds(await readPromptFile(file));
  const codes = codesFrom(options.codes, await codesOfCheckpoint(policy.checkpointDir));
  const sampling = samplingFrom(options);
  // Asked the same, it goes on; asked otherwise, it must not take the replies that are there for its own.
  const key = hashText(JSON.stringify([policy, sampling, codes, options.n])).slice(0, 8);
  const outputPath = resolve(options.to ?? `${file}.${key}.replies.jsonl`);
  const folder = await mkdtemp(join(tmpdir(), 'facet-prompts-'));
  try {
    const promptsPath = join(folder, 'prompts.jsonl');
    await writeJsonLines(promptsPath, prompts);
    const variants = Array.from({ length: countOf(options) }, () => ({ sampling, codes }));
    const job = { kind: 'generate-many', ...policy, promptsPath, outputPath, variants } as const;
    const result = await interruptible(async (follow) =>
      unwrap(await compute.run<'generate-many'>(job, follow)),
    );
    printResult(options, result, () => [
      `${result.prompts} of ${prompts.length} prompts${result.stopped ? ', stopped: run the same command to resume' : ''}`,
      `one row per prompt in ${outputPath}`,
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function generate(options: GenerateOptions): Promise<void> {
  if ((options.prompt === undefined) === (options.prompts === undefined))
    throw bad('a prompt is needed', 'Give --prompt TEXT, or --prompts FILE.');
  // What can be wrong with the options is said before anything is loaded.
  samplingFrom(options);
  countOf(options);
  const policy = await policyOf(options);
  const compute = createWorkerPool(() => startForkedWorker(workerEntry));
  try {
    await (options.prompt === undefined ? many : one)(compute, policy, options);
  } finally {
    await compute.dispose();
  }
}

export function addGenerateCommand(program: Command): void {
  program
    .command('generate')
    .description(
      'replies of a model, or of a policy trained on it; a file of prompts resumes where it stopped',
    )
    .option('-m, --model <folder>', 'model folder (default: the starter model)')
    .option(
      '--checkpoint <which>',
      `with --project: last or best (by ${BEST_OF_ANY_RUN}) (default: last); with --model: folder of a checkpoint trained on it (default: the model as it is)`,
    )
    .option('-p, --project <file>', 'project that holds the run')
    .option('-r, --run <id>', 'with --project: run (default: the latest that ended)')
    .option('--prompt <text>', 'prompt of one user turn')
    .option('--prompts <file>', 'file of prompts, JSON Lines, JSON or .txt')
    .option(
      '--to <file>',
      'with --prompts: where the replies go; what is there is kept (default: beside the prompts)',
    )
    .option('-n, --n <count>', 'replies per prompt', '1')
    .option('--codes <choice>', 'none, prior, or weights: 0,1,0.5 or 3=1,7=0.5', 'prior')
    .option('--max-tokens <n>', 'longest reply (default: 256)')
    .option('--temperature <t>', '0 is greedy (default: 0.8)')
    .option('--top-k <k>', 'likeliest tokens kept; 0 is off (default: 0)')
    .option('--top-p <p>', 'share of probability kept; 1 is off (default: 0.95)')
    .option('--min-p <p>', "least share of the likeliest token's probability; 0 is off (default: 0)")
    .option('--repetition-penalty <r>', '1 is off (default: 1)')
    .option(
      '--stop <text>',
      'ends a reply before this text; may be repeated',
      (value: string, before: string[]) => [...before, value],
      [] as string[],
    )
    .option('--seed <n>', 'default 1')
    .addOption(new Option('--engine <name>', "default: the run's, else the fastest").choices(ENGINES))
    .option('--json', 'print the result as JSON')
    .action(generate);
}
