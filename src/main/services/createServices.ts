import type { EnginesResult } from '#core/jobs.ts';
import { unwrap } from '#core/result.ts';
import type { FacetOptions } from '../app.ts';
import { noKeyStore } from '../hub/keyStore.ts';
import { WorkList } from '../work/WorkList.ts';
import { type AdjudicationService, adjudicationService } from './adjudicationService.ts';
import { type AnnotateService, annotateService } from './annotateService.ts';
import { type AuditService, auditService } from './auditService.ts';
import { type CodesService, codesService } from './codesService.ts';
import { type DataService, dataService } from './dataService.ts';
import { type GoldService, goldService } from './goldService.ts';
import { type GuidelineService, guidelineService } from './guidelineService.ts';
import { type HubService, hubService } from './hubService.ts';
import { type JobService, jobService } from './jobService.ts';
import { KeptCodes } from './KeptCodes.ts';
import { type LibraryService, libraryService } from './libraryService.ts';
import { type ModelService, modelService } from './modelService.ts';
import { CurrentProject } from './OpenProject.ts';
import { ownWork } from './ownWork.ts';
import { type PeopleService, peopleService } from './peopleService.ts';
import { type PlaygroundService, playgroundService } from './playgroundService.ts';
import { type ProjectService, projectService } from './projectService.ts';
import { type RatingService, ratingService } from './ratingService.ts';
import { type RayJobs, rayJobs } from './rayJobs.ts';
import { replyTokens } from './replyTokens.ts';
import { type RunService, runService } from './runService.ts';
import { Sweeps } from './Sweeps.ts';
import { tokenView } from './tokenView.ts';

interface EngineService {
  list(probe: boolean): Promise<EnginesResult>;
}

export interface Services {
  readonly project: ProjectService;
  readonly library: LibraryService;
  readonly data: DataService;
  readonly annotate: AnnotateService;
  readonly people: PeopleService;
  readonly audit: AuditService;
  readonly adjudication: AdjudicationService;
  readonly ratings: RatingService;
  readonly gold: GoldService;
  readonly guidelines: GuidelineService;
  readonly models: ModelService;
  readonly runs: RunService;
  readonly sweeps: Sweeps;
  readonly jobs: JobService;
  readonly codes: CodesService;
  readonly playground: PlaygroundService;
  readonly hub: HubService;
  readonly ray: RayJobs;
  readonly work: WorkList;
  readonly engines: EngineService;
}

export type ServicesOptions = Omit<FacetOptions, 'log'> & { readonly log: (line: string) => void };

export function createServices({
  userDataDir,
  resourcesDir,
  compute: client,
  host,
  version,
  readsOnOpen = false,
  log,
}: ServicesOptions): Services {
  const work = new WorkList();
  const compute = work.listing(client);
  const current = new CurrentProject();
  const models = modelService(current, compute, resourcesDir);
  const kept = new KeptCodes({ compute, models, log });
  const hub = hubService({
    userDataDir,
    keyStore: host.keyStore ?? noKeyStore('HF_TOKEN'),
    current,
    models,
    log,
  });
  const { fetchedFrom } = hub;
  const runs = runService({ current, compute, models, kept, fetchedFrom, readsOnOpen, version, log });
  return {
    project: projectService({ userDataDir, resourcesDir, current, log, ...runs.lifecycle }),
    library: libraryService(current, log),
    data: dataService(current, userDataDir, work),
    annotate: ownWork(annotateService(current, compute, models), current),
    people: peopleService(current),
    audit: auditService(current, compute, models, work),
    adjudication: adjudicationService(current),
    ratings: ratingService(current),
    gold: goldService(current),
    guidelines: guidelineService(current),
    models,
    runs: runs.service,
    sweeps: new Sweeps(current, runs.service, models),
    jobs: jobService({ current, models, kept, resourcesDir, version }),
    ray: rayJobs({ userDataDir, keyStore: host.rayKeyStore ?? noKeyStore('RAY_AUTH_TOKEN'), current }),
    codes: codesService(current, compute, models, kept, work),
    playground: {
      ...playgroundService(current, compute, models),
      tokens: tokenView(current, compute, models),
      replyTokens: replyTokens(current, compute, models),
    },
    hub,
    work,
    engines: { list: async (probe) => unwrap(await compute.run<'engines'>({ kind: 'engines', probe })) },
  };
}
