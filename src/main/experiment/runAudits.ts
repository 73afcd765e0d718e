/** Audits of labels of which it is known which are wrong, each made once: what is in the folder already is read. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditedLabel, AuditResult } from '#core/jobs.ts';
import { unwrap } from '#core/result.ts';
import { wilsonInterval } from '#core/wilsonInterval.ts';
import { hashText } from '#disk/hash.ts';
import { readJsonLines, writeJsonLines } from '#disk/lines.ts';
import { modelFingerprint } from '#disk/modelFingerprint.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import type { CellStore } from './cellStore.ts';
import { pairsSha256 } from './fingerprints.ts';
import type { RunCellsOptions } from './runCells.ts';
import type { AuditSummary, LabelAudit, MadeAudit } from './types.ts';

interface Options extends Pick<RunCellsOptions, 'compute' | 'storedOnly' | 'codeFingerprint' | 'stop'> {
  readonly store: CellStore;
  readonly folder: string;
  readonly note: (line: string) => void;
}

/** Parts of the list that are looked through. */
const PARTS = [0.05, 0.1] as const;

function readMade(path: string): MadeAudit | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as MadeAudit;
  } catch {
    // Not readable is not there: it is made again.
    return null;
  }
}

async function make(
  audit: LabelAudit,
  contentKey: string,
  { compute, store, stop }: Options,
): Promise<MadeAudit> {
  const { group, method, seed, pairs, flipped, config, modelDir, folds } = audit;
  const folder = store.workDir(contentKey);
  const startedAt = performance.now();
  try {
    const datasetPath = join(folder, 'pairs.jsonl');
    const outputPath = join(folder, 'audit.jsonl');
    await writeJsonLines(datasetPath, pairs);
    const job = {
      kind: 'audit',
      ...{ config, modelDir, datasetPath, outputPath, folds },
      runDir: folder,
      cacheDir: store.cacheDir,
      limit: pairs.length,
    } as const;
    const result: AuditResult = unwrap(await compute.run<'audit'>(job, { stop }));
    const ranked: boolean[] = [];
    let right = 0;
    for await (const { pairId, margin } of readJsonLines(outputPath, (row) => row as AuditedLabel)) {
      const isWrong = flipped.has(pairId);
      ranked.push(isWrong);
      right += Number(margin > 0 !== isWrong);
    }
    const foundIn = (part: number): number =>
      ranked.slice(0, Math.round(part * ranked.length)).filter(Boolean).length;
    return {
      ...{ group, method, seed, contentKey },
      at: new Date().toISOString(),
      pairs: result.pairs,
      wrong: ranked.filter(Boolean).length,
      found: PARTS.map(foundIn),
      accuracy: right / result.pairs,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Throws the job's failure; what was made before it is kept. */
export async function runAudits(audits: readonly LabelAudit[], options: Options): Promise<MadeAudit[]> {
  const { store, folder, codeFingerprint, storedOnly, note } = options;
  const made: MadeAudit[] = [];
  if (audits.length > 0) mkdirSync(join(folder, 'audits'), { recursive: true });
  for (const audit of audits) {
    const { method, seed, pairs, config, modelDir, folds } = audit;
    const model = await modelFingerprint(modelDir, store.cacheDir);
    const contentKey = hashText(
      JSON.stringify([method, config, folds, pairsSha256(pairs), model, codeFingerprint]),
    ).slice(0, 40);
    const path = join(folder, 'audits', `${contentKey}.json`);
    const before = existsSync(path) ? readMade(path) : null;
    if (before) made.push(before);
    if (before || storedOnly) continue;
    const found = await make(audit, contentKey, options);
    await writeFileAtomic(path, [JSON.stringify(found)]);
    made.push(found);
    note(`${method}, seed ${seed}: ${found.found.at(-1)} of ${found.wrong} wrong labels found`);
  }
  return made;
}

/** Over the seeds of a group and method, in their order. */
export function summariseAudits(made: readonly MadeAudit[]): AuditSummary[] {
  return [...Map.groupBy(made, ({ group, method }) => `${group} ${method}`).values()].map((own) => {
    const [{ group, method }] = own as [MadeAudit];
    const sum = (of: (audit: MadeAudit) => number): number =>
      own.reduce((total, audit) => total + of(audit), 0);
    const wrong = sum((audit) => audit.wrong);
    return {
      ...{ group, method, wrong },
      seeds: own.map(({ seed }) => seed),
      pairs: sum((audit) => audit.pairs),
      accuracy: sum((audit) => audit.accuracy) / own.length,
      recall: PARTS.map((part, place) => {
        const share = sum(({ found }) => found[place] ?? 0) / Math.max(1, wrong);
        const [low, high] = wilsonInterval(share, wrong);
        return { part, share, low, high };
      }),
      seconds: sum((audit) => audit.seconds) / own.length,
    };
  });
}
