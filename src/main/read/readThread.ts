/** The thread that reads the open project for tables, counts and searches, on a connection that cannot write. */
import { parentPort, workerData } from 'node:worker_threads';
import { toFailure } from '#core/result.ts';
import { connectReader } from '../data/database.ts';
import { duplicateViews } from '../data/duplicateViews.ts';
import { LibraryIndex } from '../data/LibraryIndex.ts';
import type { Answer, Question, Questions } from './protocol.ts';

const port = parentPort;
if (port) {
  const database = connectReader((workerData as { projectPath: string }).projectPath);
  const index = new LibraryIndex(database);
  const duplicates = duplicateViews(database);
  const answers: Questions = {
    sources: () => index.sources(),
    count: (...args) => index.count(...args),
    rows: (...args) => index.rows(...args),
    statusCounts: (...args) => index.statusCounts(...args),
    ids: (...args) => index.ids(...args),
    select: (...args) => index.select(...args),
    tags: () => index.tags(),
    duplicateSummary: () => duplicates.summary(),
    duplicateOthers: (...args) => duplicates.others(...args),
    duplicateGroups: (...args) => duplicates.groups(...args),
    choices: () => index.choices(),
    details: (...args) => index.details(...args),
    find: (...args) => index.find(...args),
  };
  const answer = ({ id, name, args }: Question): Answer => {
    try {
      return { id, value: (answers[name] as (...args: readonly unknown[]) => unknown)(...args) };
    } catch (error) {
      return { id, failure: toFailure(error) };
    }
  };
  let isAhead = false;
  /** Between questions: the first search finds its segments read. */
  const readAhead = (): void => {
    if (!database.open || !index.readAhead()) isAhead = false;
    else setImmediate(readAhead);
  };
  port.on('message', (question: Question | 'close') => {
    if (question !== 'close') {
      const answered = answer(question);
      if (!isAhead) setImmediate(readAhead);
      isAhead = true;
      const isIds = 'value' in answered && answered.value instanceof Uint32Array;
      // A million ids are handed over, not copied.
      return port.postMessage(answered, isIds ? [(answered.value as Uint32Array<ArrayBuffer>).buffer] : []);
    }
    database.close();
    port.close();
  });
}
