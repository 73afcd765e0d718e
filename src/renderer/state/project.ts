import { useQuery } from '@tanstack/react-query';
import type { Project } from '#shared/entities.ts';
import { api } from '../api/client.ts';
import { queryClient } from '../api/queryClient.ts';
import { greetIn } from './identity.ts';

/** The open project, or null; undefined until main has answered. */
export function useProject(): Project | null | undefined {
  return useQuery(api.project.current.queryOptions()).data;
}

/** Puts a project just opened, made or changed in place, and drops what belonged to another. */
export async function projectOpened(project: Project | null): Promise<void> {
  const key = api.project.current.queryKey();
  const before = queryClient.getQueryData(key);
  if (project !== null && before?.path !== project.path) await greetIn(project);
  queryClient.setQueryData(key, project);
  if (before?.path === project?.path) return;
  queryClient.removeQueries({
    predicate: (query) => {
      const area = Array.isArray(query.queryKey[0]) ? query.queryKey[0][0] : null;
      return area !== 'project' && area !== 'app' && area !== 'engines';
    },
  });
  await queryClient.invalidateQueries({ queryKey: api.project.recent.queryKey() });
}
