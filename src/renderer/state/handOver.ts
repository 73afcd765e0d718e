/**
 * To whom a page of this machine was handed. Kept by this tab first, else by this browser, so that neither a reload nor a
 * new start gives it back unasked; a project is known by when it was made, since a page that was handed over is told no path.
 */
import type { Project } from '#shared/entities.ts';
import type { Me } from '#shared/peopleEntities.ts';
import { type Client, client } from '../api/client.ts';
import { failureOf } from '../api/failureOf.ts';

type Known = Pick<Project, 'createdAt'>;
const OWNER = 'owner';
const keyOf = ({ createdAt }: Known): string => `facet-handed-to:${createdAt}`;

/** Null where it is the owner's. */
export function handedTo(project: Known): number | null {
  const key = keyOf(project);
  const stored = window.sessionStorage.getItem(key) ?? window.localStorage.getItem(key);
  const annotatorId = Number(stored ?? OWNER);
  return Number.isInteger(annotatorId) ? annotatorId : null;
}

function keep(project: Known, annotatorId: number | null): void {
  const key = keyOf(project);
  window.sessionStorage.setItem(key, String(annotatorId ?? OWNER));
  if (annotatorId === null) window.localStorage.removeItem(key);
  else window.localStorage.setItem(key, String(annotatorId));
}

/** On a new line, before anything else is asked there: the page goes on as whose it was. */
export async function resume(line: Pick<Client, 'people'>, me: Me, project: Known): Promise<Me> {
  const annotatorId = handedTo(project);
  if (!me.maySwitch || annotatorId === null) return me;
  try {
    return await line.people.switchTo({ annotatorId });
  } catch (error) {
    if (failureOf(error).code !== 'annotate.unknown-annotator') throw error;
    keep(project, null);
    return me;
  }
}

/** Hands the page over, null to the owner, and begins it anew: nothing that was read in another role stays. */
export async function handOver(project: Known, annotatorId: number | null): Promise<void> {
  await client.people.switchTo({ annotatorId });
  keep(project, annotatorId);
  window.location.hash = annotatorId === null ? '' : '#/annotate';
  window.location.reload();
}
