/**
 * What a line from the network may name: a project that this workbench knows, a file that came by upload, a model that it
 * fetched. Never a place of the machine's disk.
 */
import { mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { namedStart } from '#core/startFrom.ts';
import { projectFileName } from '#shared/projectFileName.ts';
import type { Services } from '../services/createServices.ts';

const refused = (message: string, fix: string): FacetError =>
  new FacetError({ code: 'network.no-path', message, fix });

export function networkPaths(services: Services, userDataDir: string) {
  const projects = join(userDataDir, 'projects');
  const uploads = join(userDataDir, 'uploads');
  const inProjects = (): string[] => {
    mkdirSync(projects, { recursive: true });
    return readdirSync(projects)
      .filter((name) => name.endsWith('.facet'))
      .map((name) => join(projects, name));
  };
  return {
    /** Where a new project of that name is made. */
    newProject(name: string): string {
      mkdirSync(projects, { recursive: true });
      return join(projects, projectFileName(name));
    },
    project(path: string): string {
      const known = [
        ...services.project.recent().map((recent) => recent.path),
        ...inProjects(),
        services.project.current()?.path,
      ];
      if (known.includes(path)) return path;
      throw refused(
        'From a browser only projects can be opened that were opened on this machine before, or made from a browser.',
        'Open it once on the machine itself: facet serve --project FILE.',
      );
    },
    upload(path: string): string {
      let real: string;
      try {
        real = realpathSync(path);
      } catch {
        real = '';
      }
      if (real.startsWith(realpathOr(uploads) + sep)) return path;
      throw refused(
        'From a browser files are read that the browser sends, and no others.',
        'Choose the file in the dialog, or import it on the machine itself: facet import FILE --project PROJECT.',
      );
    },
    noPlace(out: string | null): null {
      if (out === null) return null;
      throw refused('From a browser an export can’t be written to a path.', 'Download it instead.');
    },
    exportParent(): string {
      const open = services.project.current();
      const parent = join(`${open?.path ?? projects}.files`, 'exports');
      mkdirSync(parent, { recursive: true });
      return parent;
    },
    model(path: string): string {
      if (services.hub.downloads().some(({ folder }) => folder === path)) return path;
      throw refused(
        'From a browser only models can be added that Facet has downloaded.',
        'Download it by its name, or add it on the machine itself: facet models add FOLDER --project PROJECT.',
      );
    },
    /** A run, as it is asked for: it starts from the model or from another run. */
    run<Asked extends { readonly config: Pick<RunConfig, 'startFrom'> }>(asked: Asked): Asked {
      const { startFrom } = asked.config;
      if (startFrom === null || namedStart(startFrom).kind === 'run') return asked;
      throw refused(
        'From a browser a run can’t start from an adapter’s folder.',
        'Start it in the window, or on the machine itself: facet train --from FOLDER.',
      );
    },
    cluster(): never {
      throw refused(
        'From a browser no job can be sent to a cluster.',
        'Send it from the window on that machine, or by facet job submit there.',
      );
    },
    hubSettings(changes: { readonly token?: string | null | undefined }): void {
      if (Object.keys(changes).every((name) => name === 'token') && changes.token === null) return;
      throw refused(
        'From a browser the hub, its proxy, the folder of models and the token can’t be changed.',
        'Set them in the window on that machine, or give HF_ENDPOINT and HF_TOKEN to facet serve.',
      );
    },
  };
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
