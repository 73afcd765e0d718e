import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FacetError, type Failure } from '#core/result.ts';
import type { Model } from '#shared/entities.ts';
import type { Download } from '#shared/policyEntities.ts';
import type { Facet } from '../app.ts';
import { type OutputOptions, percent, printResult, progressLine, table } from './output.ts';
import { openProject, withFacet, withProject } from './session.ts';

interface ListOptions extends OutputOptions {
  readonly project?: string;
}
interface AddOptions extends OutputOptions {
  readonly project: string;
}
interface DownloadOptions extends OutputOptions {
  readonly project?: string;
  readonly revision: string;
  readonly to?: string;
  readonly endpoint?: string;
  readonly proxy?: string;
}

const inMb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const modelLines = (models: readonly Model[]): string[] =>
  table([
    ['model', 'parameters', 'type', 'folder'],
    ...models.map(({ name, info, path, exists }) => [
      name,
      `${(info.parameters / 1e6).toFixed(1)} M`,
      info.dtype,
      exists ? path : `${path} (absent)`,
    ]),
  ]);

const downloadLines = (downloads: readonly Download[]): string[] =>
  table([
    ['download', 'state', 'fetched', 'folder'],
    ...downloads.map(({ repo, state, bytesDone, bytesTotal, folder }) => [
      repo,
      state,
      bytesTotal === null ? inMb(bytesDone) : `${inMb(bytesDone)} of ${inMb(bytesTotal)}`,
      folder,
    ]),
  ]);

async function list(options: ListOptions): Promise<void> {
  const result = await withFacet(async (facet) => {
    if (options.project) await openProject(facet, options.project, false);
    return {
      models: options.project ? await facet.services.models.list() : null,
      downloads: facet.services.hub.downloads(),
    };
  });
  printResult(options, result, () => [
    ...(result.models ? modelLines(result.models) : []),
    ...(result.models && result.downloads.length > 0 ? [''] : []),
    ...(result.downloads.length > 0 || !result.models ? downloadLines(result.downloads) : []),
  ]);
}

async function add(folder: string, options: AddOptions): Promise<void> {
  const model = await withProject(options.project, true, (facet) =>
    facet.services.models.add(resolve(folder)),
  );
  printResult(options, model, () => modelLines([model]));
}

/** Follows a download to its end; Ctrl+C pauses it, and what is there is kept. */
async function follow(facet: Facet, id: number, interrupted: AbortSignal): Promise<Download> {
  const progress = progressLine();
  let last: Download | undefined;
  for await (const downloads of facet.services.hub.watch(interrupted)) {
    last = downloads.find((one) => one.id === id);
    if (!last || last.state === 'done' || last.state === 'failed' || last.state === 'paused') break;
    const share = last.bytesTotal ? last.bytesDone / last.bytesTotal : 0;
    const speed = last.bytesPerSecond === null ? '' : `, ${inMb(last.bytesPerSecond)}/s`;
    progress.update(
      `${last.file} ${Math.floor(10 * share)}`,
      `${last.state === 'checking' ? 'checking' : 'fetching'} ${last.file ?? last.repo}, ${percent(share)}${speed}`,
    );
  }
  progress.end();
  if (interrupted.aborted) return facet.services.hub.pause(id);
  if (last) return last;
  throw new FacetError({ code: 'hub.unknown-download', message: 'the download was removed in the meantime' });
}

async function download(repo: string, options: DownloadOptions): Promise<void> {
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once('SIGINT', onSignal);
  try {
    const result = await withFacet(async (facet) => {
      if (options.project) await openProject(facet, options.project, true);
      const { endpoint, proxy, to } = options;
      if (endpoint !== undefined || proxy !== undefined || to !== undefined) {
        await facet.services.hub.updateSettings({
          endpoint,
          proxy: proxy === '' ? null : proxy,
          folder: to === undefined ? undefined : resolve(to),
        });
      }
      const started = await facet.services.hub.start({ repo, revision: options.revision });
      return follow(facet, started.id, interrupt.signal);
    });
    if (result.failure) throw new FacetError(result.failure as Failure);
    printResult(options, result, () => [
      result.state === 'paused'
        ? `${result.repo} is paused at ${inMb(result.bytesDone)}; the same command resumes from there`
        : `${result.repo} is in ${result.folder}`,
    ]);
  } finally {
    process.off('SIGINT', onSignal);
  }
}

export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('the models of a project, and downloads from a hub');
  models
    .command('list')
    .description('models of a project and downloads')
    .option('-p, --project <file>', 'project file; without it, downloads alone')
    .option('--json', 'print the result as JSON')
    .action(list);
  models
    .command('add')
    .description('add a model to a project; it is used where it is')
    .argument('<model>', 'folder with config.json, tokenizer.json and safetensors weights, or a .gguf file')
    .requiredOption('-p, --project <file>', 'project file, created if missing')
    .option('--json', 'print the result as JSON')
    .action(add);
  models
    .command('download')
    .description('fetch a model from a Hugging Face hub; resumes where it stopped')
    .argument('<repo>', 'owner/model')
    .option('-p, --project <file>', 'project to add the model to, created if missing')
    .option('-r, --revision <revision>', 'branch, tag or commit', 'main')
    .option('--to <folder>', 'folder for models, remembered (default: models in the user data folder)')
    .option('--endpoint <url>', 'address of the hub, remembered')
    .option('--proxy <url>', 'proxy to go through, remembered; empty for none')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nAn access token is read from the environment variable HF_TOKEN.')
    .action(download);
}
