/**
 * `npm run build:job-checks`: small jobs and what Facet's own engine makes of them, step by step, into `resources/job/check`.
 * They travel in every job folder, so that `python train.py --check` compares another machine with this one. With
 * `--model FOLDER --out FOLDER` the same over another model; names after that make these checks alone.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeJsonLines } from '#disk/lines.ts';
import { copyTo } from '#disk/writeFile.ts';
import { createHeadlessFacet } from '../cli/session.ts';
import { resourcesDir } from '../environment.ts';
import { CHECKS, openCheckProject, SELECTION, traceOf } from './checks.ts';

const { values, positionals } = parseArgs({
  options: { model: { type: 'string' }, out: { type: 'string' } },
  allowPositionals: true,
});
const work = await mkdtemp(join(tmpdir(), 'facet-checks-'));
const facet = createHeadlessFacet(join(work, 'user'));
try {
  const project = await openCheckProject(facet, work, values.model);
  const out = values.out ?? join(resourcesDir, 'job', 'check');
  for (const [name, config] of Object.entries(CHECKS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const { folder } = await facet.services.jobs.make({
      out: join(work, name),
      name,
      modelId: project.modelId,
      config,
      selection: SELECTION,
      hub: null,
      withModel: false,
    });
    const lines = await traceOf(facet, project, name, config);
    // All checks are of the same pairs.
    for (const file of ['pairs.parquet', 'prompts.parquet'])
      await copyTo(join(folder, file), join(out, file));
    await copyTo(join(folder, 'job.json'), join(out, name, 'job.json'));
    await writeJsonLines(join(out, name, 'trace.jsonl'), lines);
    process.stderr.write(`${name}: ${lines.length} lines\n`);
  }
} finally {
  await facet.dispose();
  await rm(work, { recursive: true, force: true });
}
