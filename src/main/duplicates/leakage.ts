/** Held-out prompts of a run that are near-duplicates of prompts that it trains on. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nearDuplicates } from '#core/nearDuplicates/NearDuplicates.ts';
import { jaccard, normalised, windowsOf } from '#core/nearDuplicates/shingles.ts';
import type { PreferencePair } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { readJsonLines } from '#disk/lines.ts';
import type { Leakage } from '#shared/dataEntities.ts';

interface Prompt {
  readonly id: string;
  readonly text: string;
  pairs: number;
}

const asPair = (value: unknown): PreferencePair => value as PreferencePair;

/** Training prompts that a held-out one is compared with, in a group that holds more. */
const MOST_COMPARED = 500;
const SHOWN = 100;
const SHOWN_CHARACTERS = 240;

async function heldOutIds(runDir: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(JSON.parse(await readFile(join(runDir, 'held-out-prompts.json'), 'utf8')) as string[]);
  } catch (error) {
    throw new FacetError(
      {
        code: 'leakage.no-split',
        message: 'The run has not said yet which prompts it holds out.',
        fix: 'Ask again once it has begun its first step.',
      },
      { cause: error },
    );
  }
}

async function promptsOf(runDir: string): Promise<Prompt[]> {
  const prompts = new Map<string, Prompt>();
  for await (const { promptId, messages } of readJsonLines(join(runDir, 'dataset.jsonl'), asPair)) {
    const known = prompts.get(promptId);
    if (known) known.pairs += 1;
    else
      prompts.set(promptId, {
        id: promptId,
        text: messages.map(({ content }) => content).join('\n'),
        pairs: 1,
      });
  }
  return [...prompts.values()];
}

interface Like {
  readonly held: Prompt;
  readonly like: Prompt;
  readonly similarity: number;
}

/** The training prompt that a held-out one is most like, of those in its group. */
function mostLike(held: Prompt, training: readonly Prompt[], threshold: number): Like | null {
  const windows = windowsOf(normalised(held.text));
  let best: Like | null = null;
  for (const like of training.slice(0, MOST_COMPARED)) {
    const similarity = jaccard(windows, windowsOf(normalised(like.text)));
    if (similarity >= threshold && similarity > (best?.similarity ?? 0)) best = { held, like, similarity };
  }
  return best;
}

export async function runLeakage(
  runDir: string,
  threshold: number,
  tick: (share: number) => void,
): Promise<Leakage> {
  const heldIds = await heldOutIds(runDir);
  const prompts = await promptsOf(runDir);
  const isHeld = ({ id }: Prompt): boolean => heldIds.has(id);
  const found = nearDuplicates({
    count: prompts.length,
    threshold,
    text: (item) => (prompts[item] as Prompt).text,
    tick,
  });
  const leaks = found.groups.flatMap((group) => {
    const members = group.map((item) => prompts[item] as Prompt);
    const training = members.filter((prompt) => !isHeld(prompt));
    if (training.length === 0) return [];
    return members.filter(isHeld).flatMap((held) => mostLike(held, training, threshold) ?? []);
  });
  leaks.sort((x, y) => y.similarity - x.similarity || (x.held.id < y.held.id ? -1 : 1));
  const pairsOf = (list: readonly Prompt[]): number => list.reduce((sum, { pairs }) => sum + pairs, 0);
  const held = prompts.filter(isHeld);
  const shown = (text: string): string => text.replace(/\s+/g, ' ').slice(0, SHOWN_CHARACTERS);
  return {
    threshold,
    heldOut: { prompts: held.length, pairs: pairsOf(held) },
    leaking: { prompts: leaks.length, pairs: pairsOf(leaks.map((leak) => leak.held)) },
    examples: leaks.slice(0, SHOWN).map((leak) => ({
      promptId: Number(leak.held.id),
      text: shown(leak.held.text),
      likePromptId: Number(leak.like.id),
      like: shown(leak.like.text),
      similarity: leak.similarity,
    })),
  };
}
