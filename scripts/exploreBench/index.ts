/** `npm run bench -- explore [--prompts N] [--json]`: started by run.mjs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchExplore } from '../../src/worker/bench/explore.ts';
import { launchFacet } from '../../tests/helpers/facetWindow.ts';
import { benchExplorer } from './explorer.ts';
import { exploreProject } from './project.ts';
import { trainingSlowdown, typedPromptDuringRunMs } from './training.ts';

const USAGE = `Usage: npm run bench -- explore [--prompts N] [--json]

  The Codes screen over a project of N prompts (1,000,000) with 64 codes, in the window: windows of the heat map, pages of codes,
  the map and a lasso, Cancel; what it costs a run that trains, and a prompt typed meanwhile. Then its parts alone, without the
  page. Needs about five gigabytes in the temporary folder.`;

const CODES = 64;
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    prompts: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const note = (line: string) => void process.stderr.write(`${line}\n`);

async function inWindow(folder: string, prompts: number): Promise<object> {
  const path = await exploreProject(folder, prompts, CODES, note);
  const { app, page } = await launchFacet(join(folder, 'window'), { project: path });
  try {
    page.setDefaultTimeout(300_000);
    await page.getByRole('banner').waitFor();
    const explorer = await benchExplorer(page, note);
    // Known by now, whatever becomes of the rest.
    note(JSON.stringify(explorer));
    note('a run beside the explorer');
    const slowdown = await trainingSlowdown(page, path);
    return { prompts, codes: CODES, ...explorer, trainingSlowdown: slowdown };
  } finally {
    await app.evaluate(({ app: electron }) => electron.exit(0)).catch(() => undefined);
  }
}

async function typed(folder: string): Promise<object> {
  const { app, page } = await launchFacet(join(folder, 'sample'));
  try {
    note('a prompt typed while a run trains');
    return { typedPromptDuringRunMs: await typedPromptDuringRunMs(page, 30) };
  } finally {
    await app.evaluate(({ app: electron }) => electron.exit(0)).catch(() => undefined);
  }
}

async function bench(prompts: number): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-bench-'));
  try {
    return { ...(await inWindow(folder, prompts)), ...(await typed(folder)), ...benchExplore(note) };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const prompts = Number(values.prompts);
if (values.help) process.stdout.write(`${USAGE}\n`);
else if (!Number.isInteger(prompts) || prompts < 1000)
  throw new Error(`--prompts ${values.prompts} is not a whole number of at least 1,000`);
else {
  const figures = await bench(prompts);
  if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  else for (const [field, value] of Object.entries(figures)) process.stdout.write(`${field}: ${value}\n`);
}
