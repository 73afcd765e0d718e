/** The thread of one pass over a project. It reads, and leaves nothing half-done when it is told to end. */
import { parentPort, workerData } from 'node:worker_threads';
import { FacetError } from '#core/result.ts';
import { auditPairs } from '../audit/auditPairs.ts';
import { labelsOfCode } from '../codes/codeLabels.ts';
import { layOut } from '../codes/map/layOut.ts';
import { compareRuns } from '../compare/compareRuns.ts';
import { copyDatabase } from '../data/backup.ts';
import { findDamage, storageFailure } from '../data/check.ts';
import { connectSnapshot, type Database } from '../data/database.ts';
import { runLeakage } from '../duplicates/leakage.ts';
import { byShare, searchDuplicates } from '../duplicates/searchDuplicates.ts';
import { exportData } from '../export/exportData.ts';
import { projectAgreement } from '../figures/projectAgreement.ts';
import { projectStatistics } from '../figures/projectStatistics.ts';
import type { Turns } from '../import/SliceWriter.ts';
import type { FromPass, Passes, PassName, PassTask, ThreadData, Tick, ToPass } from './protocol.ts';

type Perform<K extends PassName> = (
  database: Database,
  ask: Passes[K]['ask'],
  tick: Tick,
  turns: Turns,
) => Promise<Passes[K]['answer']>;

const PASSES: { readonly [K in PassName]: Perform<K> } = {
  check: async (database, { deep }, tick) => findDamage(database, deep, tick),
  backup: async (database, { target }, tick) => {
    await copyDatabase(database, target, tick);
    return null;
  },
  export: exportData,
  statistics: projectStatistics,
  agreement: projectAgreement,
  audit: auditPairs,
  map: layOut,
  compare: compareRuns,
  duplicates: searchDuplicates,
  labels: (_, ask, tick) => labelsOfCode(ask, tick),
  leakage: (_, { runDir, threshold }, tick) => runLeakage(runDir, threshold, byShare(tick)),
};

/** Progress that is shown ten times a second is enough. */
const REPORT_MS = 100;

async function perform<K extends PassName>(
  { name, projectPath, ask }: PassTask<K>,
  tick: Tick,
  turns: Turns,
) {
  const database = connectSnapshot(projectPath);
  try {
    return await PASSES[name](database, ask, tick, turns);
  } finally {
    database.close();
  }
}

const port = parentPort;
if (port) {
  const send = (message: FromPass): void => port.postMessage(message);
  const { task, stop, waiting } = workerData as ThreadData;
  let reportedAt = 0;
  const tick: Tick = (done, total) => {
    if (Atomics.load(stop, 0) !== 0)
      throw new FacetError({ code: 'pass.stopped', message: 'Stopped before it was done.' });
    const now = performance.now();
    if (now - reportedAt < REPORT_MS) return;
    reportedAt = now;
    send({ type: 'progress', done, total });
  };
  let grant: () => void = () => undefined;
  port.on('message', (_: ToPass) => grant());
  const take: Turns['take'] = async (change) => {
    const granted = new Promise<void>((resolve) => {
      grant = resolve;
    });
    send({ type: 'turn' });
    await granted;
    try {
      return change();
    } finally {
      send({ type: 'release' });
    }
  };
  const turns: Turns = { take, isAwaited: () => Atomics.load(waiting, 0) > 0 };
  try {
    send({ type: 'done', answer: await perform(task, tick, turns) });
  } catch (error) {
    send({ type: 'failed', failure: storageFailure(error) });
  }
  port.close();
}
