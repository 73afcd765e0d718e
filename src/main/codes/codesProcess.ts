/** The process that reads the codes of runs, on a connection that cannot write: the table of pairs never waits for it. */
import { storageFailure } from '../data/check.ts';
import { connectReader } from '../data/database.ts';
import type { Answer, Question } from '../read/protocol.ts';
import { asker } from '../read/serve.ts';
import { codeAnswers } from './codeAnswers.ts';
import type { CodeQuestions } from './protocol.ts';

const main = asker<keyof CodeQuestions>();
if (main) {
  const database = connectReader(main.projectPath);
  const answers = codeAnswers(database);
  const answer = ({ id, name, args }: Question<keyof CodeQuestions>): Answer => {
    try {
      return { id, value: (answers[name] as (...args: readonly unknown[]) => unknown)(...args) };
    } catch (error) {
      return { id, failure: storageFailure(error) };
    }
  };
  main.listen((message) => {
    if (message === 'close') {
      database.close();
      main.end();
      // An answer takes no steps: it is on its way before anybody can change their mind.
    } else if (!('cancel' in message)) main.answer(answer(message));
  });
}
