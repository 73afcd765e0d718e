/** A workbench that trains, to be killed whole or without its compute process: `folder`. It never ends by itself. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openWorkbench, startRun } from './workbench.ts';

/** What it says, a JSON line each. */
export type TrainSpoken = { readonly step: number; readonly pids: readonly number[] };

const [folder = ''] = process.argv.slice(2);
const journal = process.env.FACET_FILE_JOURNAL;
const layer = pathToFileURL(join(import.meta.dirname, 'fileLayer.ts')).href;
const environment =
  journal === undefined
    ? {}
    : {
        FACET_FILE_JOURNAL: `${journal}-compute`,
        NODE_OPTIONS: `--import ${layer} --disable-warning=ExperimentalWarning`,
      };
const { facet, compute } = await openWorkbench(folder, environment);
const run = await startRun(facet);
for await (const frame of facet.services.runs.frames(run.id))
  if (frame.type === 'step')
    process.stdout.write(
      `${JSON.stringify({ step: frame.step, pids: compute.pids() } satisfies TrainSpoken)}\n`,
    );
await new Promise((resolve) => setTimeout(resolve, 120_000));
