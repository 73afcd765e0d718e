/**
 * The last resort for verdicts that main could not be reached for: this browser's own store. Each load of the page has
 * an entry of its own; what an earlier one left is handed to main, which keeps it beside the project.
 */
import { z } from 'zod';
import { newDecisionSchema } from '#shared/entities.ts';
import { client } from '../../api/client.ts';
import type { WaitingVerdict } from './desk.ts';

const PREFIX = 'facet-unsaved:';
const newKey = (): string => `${PREFIX}${crypto.randomUUID()}`;
let ownKey = newKey();
const entrySchema = z.object({
  project: z.string(),
  verdicts: z.array(newDecisionSchema.extend({ at: z.string() })),
});

/** What is kept so far stays for a later page: another project or annotator begins. */
export function leaveAtHand(): void {
  ownKey = newKey();
}

/** Replaces what this page keeps. */
export function keepAtHand(project: string, verdicts: readonly WaitingVerdict[]): void {
  if (verdicts.length === 0) window.localStorage.removeItem(ownKey);
  else window.localStorage.setItem(ownKey, JSON.stringify({ project, verdicts }));
}

function left(): { readonly key: string; readonly entry: z.infer<typeof entrySchema> }[] {
  const keys = Object.keys(window.localStorage).filter((key) => key.startsWith(PREFIX) && key !== ownKey);
  return keys.flatMap((key) => {
    const entry = entrySchema.safeParse(JSON.parse(window.localStorage.getItem(key) ?? 'null'));
    return entry.success ? [{ key, entry: entry.data }] : [];
  });
}

/** Hands main what earlier pages left of this annotator's in this project. */
export async function handOver(project: string, annotatorId: number): Promise<void> {
  for (const { key, entry } of left()) {
    const own = entry.verdicts.every((verdict) => verdict.annotatorId === annotatorId);
    if (entry.project !== project || !own || entry.verdicts.length === 0) continue;
    await client.annotate.keep({ verdicts: entry.verdicts });
    window.localStorage.removeItem(key);
  }
}
