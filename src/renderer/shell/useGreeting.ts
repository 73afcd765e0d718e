import { useEffect, useRef } from 'react';
import type { Project } from '#shared/entities.ts';
import { failureOf } from '../api/failureOf.ts';
import { notifyFailure } from '../components/notify.tsx';
import { greetIn, projectKey } from '../state/identity.ts';

/** Where another page has opened a project, main is told who labels in it on this one. */
export function useGreeting(project: Project | null | undefined): void {
  const latest = useRef(project);
  latest.current = project;
  const key = project ? projectKey(project) : null;
  useEffect(() => {
    const opened = latest.current;
    if (key === null || !opened) return;
    greetIn(opened).catch((error: unknown) => notifyFailure(failureOf(error)));
  }, [key]);
}
