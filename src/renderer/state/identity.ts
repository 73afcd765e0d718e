/**
 * Who labels on this page. The name is asked once for a project, then remembered: by this tab first, so that two tabs
 * stay two people, else by this browser. Main is told on every new line to it, before anything else is asked there.
 */
import { createORPCClient } from '@orpc/client';
import type { Annotator, Project } from '#shared/entities.ts';
import { api, type Client, client } from '../api/client.ts';
import { type Link, whenOpened } from '../api/connection.ts';
import { CONNECTION_LOST, failureOf } from '../api/failureOf.ts';
import { queryClient } from '../api/queryClient.ts';
import { notifyFailure } from '../components/notify.tsx';
import { handedTo, resume } from './handOver.ts';
import { useMe } from './me.ts';

type Identity = Pick<Project, 'path' | 'createdAt'>;

/** A project moved elsewhere, or another in its place, asks again. */
export const projectKey = ({ path, createdAt }: Identity): string => `${path}|${createdAt}`;
const storageKey = (project: Identity): string => `facet-annotator:${projectKey(project)}`;

function remembered(project: Identity): number | null {
  const key = storageKey(project);
  const id = Number(window.sessionStorage.getItem(key) ?? window.localStorage.getItem(key) ?? Number.NaN);
  return Number.isInteger(id) ? id : null;
}

function remember(project: Identity, annotatorId: number): void {
  window.sessionStorage.setItem(storageKey(project), String(annotatorId));
  window.localStorage.setItem(storageKey(project), String(annotatorId));
}

function forget(project: Identity): void {
  window.sessionStorage.removeItem(storageKey(project));
  window.localStorage.removeItem(storageKey(project));
}

/** Tells main who labels here, as far as that is known; false where it has to be asked. */
async function greet(line: Pick<Client, 'annotate'>, project: Identity): Promise<boolean> {
  const bound = useMe.getState().me?.bound;
  if (bound) {
    // For this tab alone: the browser may have pages of other people.
    window.sessionStorage.setItem(storageKey(project), String(bound.annotatorId));
    return true;
  }
  const annotatorId = remembered(project);
  if (annotatorId === null) return false;
  try {
    await line.annotate.identify({ annotatorId });
    return true;
  } catch (error) {
    if (failureOf(error).code !== 'annotate.unknown-annotator') throw error;
    forget(project);
    return false;
  }
}

/** Who this page is to main, then the project as that role is told of it. */
async function greetAs(line: Client): Promise<Project | null> {
  const me = await line.people.me();
  const project = await line.project.current();
  const whose = project === null ? me : await resume(line, me, project);
  useMe.setState({ me: whose, refused: null });
  return whose.role === me.role ? project : line.project.current();
}

whenOpened(async (link: Link) => {
  const line: Client = createORPCClient(link);
  try {
    const project = await greetAs(line);
    if (project !== null) await greet(line, project);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === CONNECTION_LOST) throw error;
    if (failure.code.startsWith('people.')) {
      useMe.setState({ me: null, refused: failure });
      return;
    }
    // The line is there; who labels is asked where it matters.
    notifyFailure(failure);
  }
});

const refresh = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: api.annotate.key() }),
    queryClient.invalidateQueries({ queryKey: api.library.key() }),
  ]);

/** For a project that this page has just opened or come upon. */
export async function greetIn(project: Identity): Promise<void> {
  // One that was handed over before: the page begins anew as whose it was.
  const { me } = useMe.getState();
  if (me?.role === 'owner' && me.bound === null && me.maySwitch && handedTo(project) !== null) {
    window.location.reload();
    return;
  }
  if (await greet(client, project)) await refresh();
}

/** True where main knows again that `annotatorId` labels here in that project, and it is the one that is open. */
export async function identifyAgain(key: string, annotatorId: number): Promise<boolean> {
  const project = await client.project.current();
  if (project === null || projectKey(project) !== key || remembered(project) !== annotatorId) return false;
  return greet(client, project);
}

export async function identify(
  project: Identity,
  person: { readonly name: string } | { readonly annotatorId: number },
): Promise<Annotator> {
  const annotator = await client.annotate.identify(person);
  remember(project, annotator.id);
  await refresh();
  return annotator;
}

export async function rename(annotatorId: number, name: string): Promise<Annotator> {
  const annotator = await client.annotate.rename({ annotatorId, name });
  await refresh();
  return annotator;
}
