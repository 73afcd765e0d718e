/** Runs that are trained elsewhere: a folder goes out, its result comes back as a run. */
import { isAbsolute, join, resolve } from 'node:path';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { requireRules } from '#core/runRules.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { modelFingerprint, weightHashes } from '#disk/modelFingerprint.ts';
import { ggufAt } from '#disk/modelPlace.ts';
import type { PairSelection, Run } from '#shared/entities.ts';
import type { MadeJob } from '#shared/jobContract.ts';
import type { UnreadablePair } from '../data/storedMessages.ts';
import { labelledPairs, preferencePairs } from '../data/trainingPairs.ts';
import {
  dropJob,
  JOB_FORMAT,
  type JobDescription,
  jobDataset,
  type ModelPlace,
  newJobId,
  saveJobRecord,
} from '../job/jobRecord.ts';
import { requireJobRules } from '../job/jobRules.ts';
import { openScores } from '../job/openScores.ts';
import { writeJob } from '../job/writeJob.ts';
import type { KeptCodes } from './KeptCodes.ts';
import type { ModelService } from './modelService.ts';
import { fileSafe, newFolderIn } from './newFolderIn.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';
import { takeResult } from './takeResult.ts';
import { takeScores } from './takeScores.ts';

export interface JobRequest {
  readonly out: string;
  readonly name?: string | undefined;
  readonly modelId: number;
  readonly config: RunConfig;
  readonly selection: PairSelection;
  /** Repository of a hub that holds the same model there; null names the model's folder. */
  readonly hub: { readonly repo: string; readonly revision: string | null } | null;
  /** Copies the model's files into the job. */
  readonly withModel: boolean;
}

export interface JobService {
  /** Writes a job folder, complete or absent, and remembers it. Throws `job.…`, `config.…`, `runs.no-pairs`. */
  make(request: JobRequest): Promise<{ readonly folder: string; readonly job: JobDescription }>;
  /** The same in a new folder of `parent`, named after the run. Throws `export.no-folder`, `export.exists` too. */
  makeIn(parent: string, request: Omit<JobRequest, 'out'>): Promise<MadeJob>;
  /**
   * Makes a run of a job's result, a folder or a zip archive, or brings the run up to date that it has become before; what
   * codes it lacks are read here. A folder of its scores gives the run its codes. Throws `job.…` and changes nothing where it is damaged or of another project.
   */
  take(path: string): Promise<Run>;
}

export interface JobServiceOptions {
  readonly current: CurrentProject;
  readonly models: ModelService;
  readonly kept: KeptCodes;
  readonly resourcesDir: string;
  readonly version: string;
}

async function requireFolderModel(path: string): Promise<void> {
  if ((await ggufAt(path)) === null) return;
  throw new FacetError({
    code: 'job.gguf',
    message: `${path} is a GGUF file, which PyTorch does not train.`,
    fix: 'Choose the model’s folder with model.safetensors.',
    where: { file: path },
  });
}

/** A bundled model is nowhere else: it always travels. */
function placeOf({ hub, withModel }: JobRequest, path: string, bundled: boolean): ModelPlace {
  if (hub) return { hub: hub.repo, revision: hub.revision };
  return { path: withModel || bundled ? 'model' : path };
}

export function jobService({ current, models, kept, resourcesDir, version }: JobServiceOptions): JobService {
  const make: JobService['make'] = async (request) => {
    const project = current.require();
    const id = newJobId();
    try {
      return await write(project, id, request);
    } catch (error) {
      await dropJob(project.filesDir, id);
      throw error;
    }
  };
  const write = async (project: OpenProject, id: string, request: JobRequest) => {
    const { config, selection, modelId } = request;
    const model = models.get(modelId);
    requireRules(config, model.info);
    requireJobRules(config);
    await requireFolderModel(model.path);
    const labelled = labelledPairs(project.database, selection);
    const unreadable: UnreadablePair[] = [];
    const datasetPath = jobDataset(project.filesDir, id);
    const rows = preferencePairs(project.database, labelled, (pair) => unreadable.push(pair));
    const datasetSha256 = await writeJsonLines(datasetPath, rows);
    if (labelled.length === unreadable.length)
      throw new FacetError({
        code: 'runs.no-pairs',
        message: 'No pair in this selection can be read and has a label that prefers one reply.',
        fix: 'Label some pairs, or choose other sources or labels.',
      });
    const prompts = project.codes.prompts();
    const place = placeOf(request, model.path, model.bundled);
    const cacheDir = join(project.filesDir, 'cache');
    const fingerprint = await modelFingerprint(model.path, cacheDir);
    const weights = await weightHashes(model.path, cacheDir);
    const made = new Date().toISOString();
    const name = request.name?.trim() || `Run elsewhere, ${made.slice(0, 10)}`;
    const folder = resolve(request.out);
    const copies = 'path' in place && !isAbsolute(place.path);
    const job = await writeJob({
      out: folder,
      datasetPath,
      prompts,
      resourcesDir,
      modelDir: copies ? model.path : null,
      description: {
        format: JOB_FORMAT,
        id,
        name,
        facet: version,
        made,
        config,
        model: { ...place, fingerprint, weights, info: model.info },
      },
    });
    await saveJobRecord(project.filesDir, {
      id,
      name,
      made,
      facet: version,
      modelId,
      config,
      selection,
      pairs: job.pairs,
      datasetSha256,
      fingerprint,
      promptIds: prompts.map((prompt) => prompt.id),
      runId: null,
      folder,
      ray: null,
    });
    return { folder, job };
  };
  return {
    make,
    makeIn: async (parent, request) => {
      const name = request.name?.trim();
      const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
      const out = await newFolderIn(parent, name ? `${fileSafe(name)}-job` : `job-${stamp}`);
      const { folder, job } = await make({ ...request, out });
      return { id: job.id, folder, pairs: job.pairs, prompts: job.prompts, steps: job.config.steps };
    },
    take: async (path) => {
      const project = current.require();
      const scores = await openScores(resolve(path));
      const run =
        scores === null ? await takeResult(project, path) : await takeScores(project, resolve(path), scores);
      // Without the model's files here there is nothing to read them with.
      if (models.get(run.modelId).exists) kept.begin(project);
      return run;
    },
  };
}
