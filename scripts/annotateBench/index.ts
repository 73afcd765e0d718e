/** `npm run bench -- annotate [--pairs N] [--minutes N] [--json]`: started by run.mjs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchAnnotate } from '../../src/main/bench/annotate.ts';
import { benchPeople } from './people.ts';
import { benchWindow } from './window.ts';

const USAGE = `Usage: npm run bench -- annotate [--pairs N] [--minutes N] [--json]

  What labelling a project of N pairs (1,000,000) takes: a verdict saved and the next pair there in main, a key to the next pair
  on screen in the window, the queue by need of a run that scored every pair, and four people at a verdict a second over
  facet serve for N minutes (10). Needs about five times the pairs' size in the temporary folder.`;

function positive(option: string, text: string): number {
  const found = Number(text);
  if (Number.isFinite(found) && found > 0) return found;
  throw new Error(`--${option} ${text} is not a number above 0`);
}

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function bench(): Promise<object> {
  const [pairs, minutes] = [positive('pairs', values.pairs), positive('minutes', values.minutes)];
  const note = (line: string) => void process.stderr.write(`${line}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'facet-bench-'));
  try {
    const { path, figures } = await benchAnnotate(folder, pairs, note);
    note('pressing keys in the window');
    const window = await benchWindow(folder, path);
    note(`four people, ${minutes} minutes`);
    return { ...figures, ...window, ...(await benchPeople(folder, path, minutes)) };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

if (values.help) process.stdout.write(`${USAGE}\n`);
else {
  const figures = await bench();
  if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  else for (const [field, value] of Object.entries(figures)) process.stdout.write(`${field}: ${value}\n`);
}
