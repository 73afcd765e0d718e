import { unwrap } from '#core/result.ts';
import type { FacetOptions } from '../app.ts';
import { NO_KEY_STORE } from '../hub/keyStore.ts';
import { annotateService } from './annotateService.ts';
import { codesService } from './codesService.ts';
import { hubService } from './hubService.ts';
import { libraryService } from './libraryService.ts';
import { modelService } from './modelService.ts';
import { CurrentProject } from './OpenProject.ts';
import { playgroundService } from './playgroundService.ts';
import { projectService } from './projectService.ts';
import { runService } from './runService.ts';
import type { Services } from './Services.ts';
import { tokenView } from './tokenView.ts';

export type ServicesOptions = Omit<FacetOptions, 'log'> & { readonly log: (line: string) => void };

export function createServices({
  userDataDir,
  resourcesDir,
  compute,
  host,
  version,
  log,
}: ServicesOptions): Services {
  const current = new CurrentProject();
  const models = modelService(current, compute, resourcesDir);
  const runs = runService({ current, compute, models, version, log });
  return {
    project: projectService({ userDataDir, resourcesDir, current, log, ...runs.lifecycle }),
    library: libraryService(current),
    annotate: annotateService(current),
    models,
    runs: runs.service,
    codes: codesService(current, compute, models),
    playground: {
      ...playgroundService(current, compute, models),
      tokens: tokenView(current, compute, models),
    },
    hub: hubService({ userDataDir, keyStore: host.keyStore ?? NO_KEY_STORE, current, models, log }),
    engines: { list: async (probe) => unwrap(await compute.run<'engines'>({ kind: 'engines', probe })) },
  };
}
