/** The thread that reads the codes of runs, on a connection that cannot write: the table of pairs never waits for it. */
import { parentPort, workerData } from 'node:worker_threads';
import { storageFailure } from '../data/check.ts';
import { connectReader } from '../data/database.ts';
import type { Answer, Question } from '../read/protocol.ts';
import { codeAnswers } from './codeAnswers.ts';
import type { CodeQuestions } from './protocol.ts';

const port = parentPort;
if (port) {
  const database = connectReader((workerData as { projectPath: string }).projectPath);
  const answers = codeAnswers(database);
  const answer = ({ id, name, args }: Question<keyof CodeQuestions>): Answer => {
    try {
      return { id, value: (answers[name] as (...args: readonly unknown[]) => unknown)(...args) };
    } catch (error) {
      return { id, failure: storageFailure(error) };
    }
  };
  port.on('message', (question: Question<keyof CodeQuestions> | 'close') => {
    if (question === 'close') {
      database.close();
      port.close();
    } else port.postMessage(answer(question));
  });
}
