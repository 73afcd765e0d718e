import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Failure } from '#core/result.ts';
import type { Project } from '#shared/entities.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { projectOpened } from '../../state/project.ts';
import { navigate } from '../../state/screen.ts';
import { previewFiles } from '../library/importStore.ts';
import type { NameRequest } from './NameDialog.tsx';
import { nameFromPath } from './projectPath.ts';

const DAMAGED = new Set(['project.damaged', 'project.not-a-project']);

type Busy = 'sample' | 'project' | null;

const noPath: Failure = {
  code: 'project.no-path',
  message: 'A browser does not reveal where a dropped project is stored.',
  fix: 'Open it once on the machine itself: facet serve --project FILE. It is among the recent projects then.',
};

/** Every way to open a project; `ask` is called where a name has to be typed. */
export function useOpenProject(ask: (request: NameRequest | null) => void) {
  const [busy, setBusy] = useState<Busy>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  /** The project that could not be opened because its file is damaged. */
  const [unopened, setUnopened] = useState<string | null>(null);
  const info = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const inWindow = info.data?.host === 'window';

  async function openWith(
    what: Exclude<Busy, null>,
    open: () => Promise<Project | null>,
    pairs?: readonly File[],
  ) {
    setBusy(what);
    setFailure(null);
    setUnopened(null);
    try {
      const project = await open();
      if (project === null) return;
      ask(null);
      await projectOpened(project);
      navigate(what === 'sample' ? 'annotate' : 'library');
      if (pairs !== undefined) await previewFiles(pairs);
    } catch (error) {
      const found = failureOf(error);
      setFailure(found);
      if (DAMAGED.has(found.code)) setUnopened(found.where?.file ?? null);
      ask(null);
    } finally {
      setBusy(null);
    }
  }

  const openPath = (path: string) => void openWith('project', () => client.project.open({ path }));
  const create = (path: string, name: string, pairs?: readonly File[]) =>
    void openWith('project', () => client.project.create({ path, name }), pairs);

  async function createIn(pairs?: readonly File[]): Promise<void> {
    if (!inWindow) return ask(pairs === undefined ? {} : { pairs });
    await openWith(
      'project',
      async () => {
        const path = await client.app.pickFile({ purpose: 'new-project' });
        return path === null ? null : client.project.create({ path, name: nameFromPath(path) });
      },
      pairs,
    );
  }

  function openOther(): void {
    void openWith('project', async () => {
      const path = await client.app.pickFile({ purpose: 'project' });
      return path === null ? null : client.project.open({ path });
    });
  }

  function openDropped(files: readonly File[]): void {
    const file = files.find(({ name }) => name.endsWith('.facet'));
    if (file === undefined) {
      void createIn(files);
      return;
    }
    const path = window.facet?.pathForFile?.(file) ?? '';
    if (path !== '') openPath(path);
    else setFailure(noPath);
  }

  return {
    busy,
    failure,
    unopened,
    restored: () => navigate('library'),
    openSample: () => void openWith('sample', () => client.project.openSample()),
    createNew: () => void createIn(),
    /** Null in a browser: of projects elsewhere on the machine a page knows nothing. */
    openOther: inWindow ? openOther : null,
    openPath,
    openDropped,
    // Where it lies is main's to say.
    submitName: (request: NameRequest, name: string) => create('', name, request.pairs),
  };
}
