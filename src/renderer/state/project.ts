import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Project } from '#shared/entities.ts';
import { api, client } from '../api/client.ts';
import { failureOf } from '../api/failureOf.ts';
import { queryClient } from '../api/queryClient.ts';
import { greetIn } from './identity.ts';

/** The open project, or null; undefined until main has answered. */
export function useProject(): Project | null | undefined {
  return useQuery(api.project.current.queryOptions()).data;
}

function showProject(project: Project | null): void {
  const queryKey = api.project.current.queryKey();
  // An answer that was asked for earlier would put back what held before.
  void queryClient.cancelQueries({ queryKey });
  queryClient.setQueryData(queryKey, project);
}

/** Shows what the check of a project's file found, once it has ended, and damage that any call came upon later. */
export function useProjectCheck(project: Project | null | undefined): void {
  const path = project?.path;
  useEffect(() => {
    if (path === undefined) return;
    let isLeft = false;
    const look = async (): Promise<void> => {
      // Once it is known to be damaged there is nothing more to learn.
      if ((queryClient.getQueryData(api.project.current.queryKey())?.damage.length ?? 0) > 0) return;
      const checked = await client.project.checked();
      if (!isLeft && checked?.path === path && checked.damage.length > 0) showProject(checked);
    };
    // A line that is down says so itself.
    const lookQuietly = () => void look().catch(() => undefined);
    lookQuietly();
    const stop = queryClient.getQueryCache().subscribe(({ query }) => {
      if (query.state.status === 'error' && failureOf(query.state.error).code === 'project.damaged')
        lookQuietly();
    });
    const stopMutations = queryClient.getMutationCache().subscribe(({ mutation }) => {
      if (mutation?.state.status === 'error' && failureOf(mutation.state.error).code === 'project.damaged')
        lookQuietly();
    });
    return () => {
      isLeft = true;
      stop();
      stopMutations();
    };
  }, [path]);
}

/** Another file stands in the project's place: nothing that was read before holds any more. */
export async function projectReplaced(project: Project): Promise<void> {
  await greetIn(project);
  showProject(project);
  await queryClient.invalidateQueries();
}

/** Puts a project just opened, made or changed in place, and drops what belonged to another. */
export async function projectOpened(project: Project | null): Promise<void> {
  const key = api.project.current.queryKey();
  const before = queryClient.getQueryData(key);
  if (project !== null && before?.path !== project.path) await greetIn(project);
  showProject(project);
  if (before?.path === project?.path) return;
  queryClient.removeQueries({
    predicate: (query) => {
      const area = Array.isArray(query.queryKey[0]) ? query.queryKey[0][0] : null;
      return area !== 'project' && area !== 'app' && area !== 'engines';
    },
  });
  await queryClient.invalidateQueries({ queryKey: api.project.recent.queryKey() });
}
