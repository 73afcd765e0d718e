import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { GenerateManyResult } from '#core/jobs.ts';
import { hash32 } from '#core/random.ts';
import { FacetError, type Result, unwrap } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { isMissing } from '#disk/failures.ts';
import { hashText } from '#disk/hash.ts';
import { readLines, writeJsonLines } from '#disk/lines.ts';
import type { Inputs } from '#shared/contract.ts';
import { generatedReplySchema, type NewPairsFrame } from '#shared/policyEntities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { FrameQueue } from '../compute/FrameQueue.ts';
import { pairWriter, sourceIdOf } from '../data/pairWriter.ts';
import { promptsOf, type StoredPrompt } from '../data/promptTable.ts';
import type { OpenProject } from './OpenProject.ts';
import type { ChosenPolicy } from './policyChoice.ts';

const lineSchema = z.object({ id: z.string(), replies: z.array(generatedReplySchema) });
type Line = z.infer<typeof lineSchema>;

export interface NewPairsOptions {
  readonly project: OpenProject;
  readonly compute: ComputeClient;
  readonly policy: ChosenPolicy;
  readonly request: Inputs['playground']['newPairs'];
  readonly stop: AbortSignal;
}
/** The same `count` prompts for the same project and sources, spread over all of them; a larger count adds to them. */
function choosePrompts(
  project: OpenProject,
  sourceIds: readonly number[] | null,
  count: number,
): StoredPrompt[] {
  const rows = promptsOf(project.database, sourceIds);
  if (rows.length === 0) {
    throw new FacetError({
      code: 'playground.no-prompts',
      message: 'There is no prompt in these sources.',
      fix: 'Choose other sources, or import pairs first.',
    });
  }
  const place = ({ id }: { id: number }): number => hash32(`new-pairs.${id}`);
  return rows.sort((left, right) => place(left) - place(right) || left.id - right.id).slice(0, count);
}

/** Whole lines of a growing file, each read once; one that is being written has no newline yet. */
class LineTail {
  readonly #path: string;
  #position = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async next(): Promise<Line[]> {
    const lines: Line[] = [];
    try {
      for await (const { text, end, isWhole } of readLines(this.#path, this.#position)) {
        if (!isWhole) break;
        lines.push(lineSchema.parse(JSON.parse(text)));
        this.#position = end;
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return lines;
  }
}

/** Stores what is drawn as pairs; each line in a transaction of its own, so that no prompt is half there. */
class PairStore {
  readonly #options: NewPairsOptions;
  readonly #prompts: ReadonlyMap<string, StoredPrompt>;
  readonly #stored = new Set<string>();
  pairs = 0;
  identical = 0;

  constructor(options: NewPairsOptions, prompts: readonly StoredPrompt[]) {
    this.#options = options;
    this.#prompts = new Map(prompts.map((prompt) => [String(prompt.id), prompt]));
  }

  get done(): number {
    return this.#stored.size;
  }

  async take(lines: readonly Line[]): Promise<void> {
    const { project } = this.#options;
    for (const line of lines) {
      const prompt = this.#prompts.get(line.id);
      if (!prompt || this.#stored.has(line.id) || project.closing.signal.aborted) continue;
      this.#stored.add(line.id);
      await project.addPairs(() => this.#add(prompt, line));
    }
  }

  /** Every two replies that differ are a pair. */
  #add({ messages }: StoredPrompt, { replies }: Line): void {
    const { project, policy, request } = this.#options;
    const writer = pairWriter(project.database, new Date().toISOString());
    const source = { name: policy.name, file: sourceFile(request), format: 'generated' };
    const originOf = (index: number) => {
      const { finish, logp, tokens } = replies[index]!;
      return { ...request.variants[index], finish, logp, tokens };
    };
    for (const [first, one] of replies.entries()) {
      for (const [offset, other] of replies.slice(first + 1).entries()) {
        const second = first + 1 + offset;
        if (one.text === other.text || one.text === '' || other.text === '') {
          this.identical += 1;
          continue;
        }
        const pairId = writer.addUnlabelled(
          { messages, replies: [one.text, other.text] },
          source,
          (firstKey) => {
            const [a, b] = firstKey === 'a' ? [first, second] : [second, first];
            const made = { a: originOf(a), b: originOf(b) };
            return JSON.stringify({ model: policy.modelName, run: request.runId, ...made });
          },
        );
        if (pairId !== null) this.pairs += 1;
      }
    }
  }

  sourceId(): number | null {
    const { project, policy, request } = this.#options;
    return sourceIdOf(project.database, { name: policy.name, file: sourceFile(request) });
  }
}

/** Tells apart runs and models of one name. */
const sourceFile = ({ modelId, runId }: NewPairsOptions['request']): string =>
  runId === null ? `written by model ${modelId}` : `written by run ${runId}`;

/** Asking the same again goes on with the replies that are there. */
function keyOf({ policy, request }: NewPairsOptions): string {
  const question = [policy.modelDir, policy.checkpointDir, request.runId, request.variants];
  return hashText(JSON.stringify(question)).slice(0, 16);
}

export async function* drawNewPairs(options: NewPairsOptions): AsyncGenerator<NewPairsFrame, void> {
  const { project, compute, policy, request, stop } = options;
  const prompts = choosePrompts(project, request.sourceIds, request.prompts);
  const folder = join(project.filesDir, 'new-pairs');
  const key = keyOf(options);
  const outputPath = join(folder, `${key}.jsonl`);
  const promptsPath = join(folder, `${key}.prompts.jsonl`);
  await mkdir(folder, { recursive: true });
  const store = new PairStore(options, prompts);
  const drawn = new LineTail(outputPath);
  const total = prompts.length;
  const progress = (): NewPairsFrame => ({
    type: 'progress',
    done: store.done,
    total,
    text: `${store.done} of ${total} prompts, ${store.pairs} new pairs`,
  });
  const ended = new AbortController();
  try {
    await store.take(await drawn.next());
    yield progress();
    const rows = prompts.map(({ id, messages }) => ({ id: String(id), messages }));
    await writeJsonLines(promptsPath, rows);
    const queue = new FrameQueue<RunFrame>();
    const job = {
      kind: 'generate-many',
      modelDir: policy.modelDir,
      checkpointDir: policy.checkpointDir,
      promptsPath,
      outputPath,
      variants: request.variants,
      engine: policy.engine,
    } as const;
    const running: Promise<Result<GenerateManyResult>> = compute
      .run<'generate-many'>(job, {
        onFrame: (frame) => queue.push(frame),
        stop: AbortSignal.any([stop, ended.signal]),
      })
      .finally(() => queue.end());
    for await (const frame of queue.read()) {
      if (frame.type !== 'phase' || frame.phase !== 'generate') continue;
      await store.take(await drawn.next());
      yield progress();
    }
    const result = await running;
    await store.take(await drawn.next());
    unwrap(result);
    // What was drawn after the project closed is stored when it is asked for again.
    if (project.closing.signal.aborted) return;
    yield { type: 'done', pairs: store.pairs, identical: store.identical, sourceId: store.sourceId() };
  } finally {
    ended.abort();
    await rm(promptsPath, { force: true });
  }
}
