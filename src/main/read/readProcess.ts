/** The process that reads the open project for tables, counts and searches, on a connection that cannot write. */
import { readDisputes } from '../data/adjudications.ts';
import { readLabelsNow } from '../data/auditRows.ts';
import { storageFailure } from '../data/check.ts';
import { connectReader } from '../data/database.ts';
import { duplicateViews } from '../data/duplicateViews.ts';
import { heldOutPairs } from '../data/heldOutPairs.ts';
import { LibraryIndex, type Search } from '../data/LibraryIndex.ts';
import { QueueOrders } from '../data/queueOrders.ts';
import { languageTeller } from '../data/table/language.ts';
import type { Answer, Question, Questions } from './protocol.ts';
import { asker } from './serve.ts';

/** Those of new pairs are told here, since no thread has measured them yet. */
const asksForLanguages = ({ name, args }: Question): boolean =>
  name === 'choices' || /"(languages"|column":"language"|measures":true)/.test(JSON.stringify(args));

/** What a question searches for, if anything. */
function searchOf({ name, args }: Question): Search | null {
  switch (name) {
    case 'rows': {
      const [filter, viewer, offset, limit, look] = args as Parameters<Questions['rows']>;
      return { filter, viewer, page: { offset, limit, sort: look?.sort ?? null } };
    }
    case 'ids': {
      const [filter, viewer, offset, limit, sort] = args as Parameters<Questions['ids']>;
      return { filter, viewer, page: { offset, limit, sort } };
    }
    case 'select': {
      const [selection, viewer] = args as Parameters<Questions['select']>;
      return 'filter' in selection ? { filter: selection.filter, viewer, page: null } : null;
    }
    case 'count':
    case 'statusCounts':
    case 'find': {
      const [filter, viewer] = args as Parameters<Questions['find']>;
      return { filter: { ...filter, status: 'all' }, viewer, page: null };
    }
    case 'order': {
      const [, filter, viewer] = args as Parameters<Questions['order']>;
      return { filter: { ...filter, status: 'all' }, viewer, page: null };
    }
    default:
      return null;
  }
}

const main = asker<keyof Questions>();
if (main) {
  const database = connectReader(main.projectPath);
  const index = new LibraryIndex(database);
  const duplicates = duplicateViews(database);
  const orders = new QueueOrders(database);
  const heldOut = heldOutPairs(database);
  const answers: Questions = {
    sources: () => index.sources(),
    count: (...args) => index.count(...args),
    rows: (...args) => index.rows(...args),
    statusCounts: (...args) => index.statusCounts(...args),
    ids: (...args) => index.ids(...args),
    select: (...args) => index.select(...args),
    tags: () => index.tags(),
    disputes: () => readDisputes(database),
    labelsNow: (...args) => readLabelsNow(database, ...args),
    heldOutPairs: (...args) => heldOut(...args),
    duplicateSummary: () => duplicates.summary(),
    duplicateGroups: (...args) => duplicates.groups(...args),
    progress: (filter, viewer, sort) =>
      index.progress({ filter, viewer, page: { offset: 0, limit: 1, sort } }),
    choices: () => index.choices(),
    details: (...args) => index.details(...args),
    find: (...args) => index.find(...args),
    order: (order, filter, viewer) => orders.order(order, index.find(filter, viewer)),
  };
  const answer = ({ id, name, args }: Question): Answer => {
    try {
      return { id, value: (answers[name] as (...args: readonly unknown[]) => unknown)(...args) };
    } catch (error) {
      return { id, failure: storageFailure(error) };
    }
  };
  let isAhead = false;
  /** Between questions: the first search finds its segments read. */
  const readAhead = (): void => {
    if (!database.open || !(index.readAhead() || orders.readAhead())) isAhead = false;
    else setImmediate(readAhead);
  };
  const reply = (question: Question): void => {
    main.answer(answer(question));
    if (!isAhead) setImmediate(readAhead);
    isAhead = true;
  };
  /** What takes long is gone on with between other questions, some milliseconds at a time for all that wait. */
  const waiting: { readonly question: Question; readonly search: Search }[] = [];
  let isGoing = false;
  /** Whether the question is done with. */
  const isAnswered = (question: Question, search: Search | null): boolean => {
    try {
      if (search && database.open && !index.isKnown(search)) return false;
      reply(question);
    } catch (error) {
      main.answer({ id: question.id, failure: storageFailure(error) });
    }
    return true;
  };
  const goOn = (): void => {
    const first = waiting.shift();
    isGoing = first !== undefined;
    if (!first) return;
    let isOver = false;
    try {
      if (database.open) index.lookFurther(first.search);
    } catch (error) {
      isOver = true;
      main.answer({ id: first.question.id, failure: storageFailure(error) });
    }
    if (!isOver) waiting.push(first);
    for (let count = waiting.length; count > 0; count--) {
      const next = waiting.shift() as (typeof waiting)[number];
      if (!isAnswered(next.question, next.search)) waiting.push(next);
    }
    setImmediate(goOn);
  };
  const replyWhenKnown = (question: Question): void => {
    const search = searchOf(question);
    if (isAnswered(question, search) || !search) return;
    waiting.push({ question, search });
    if (!isGoing) setImmediate(goOn);
    isGoing = true;
  };
  /** The tables of languages take 130 MB: they are read only for new pairs that no process has measured. */
  let languages: Promise<unknown> = Promise.resolve();
  let isTelling = false;
  const needsTelling = (): boolean => {
    try {
      return database.open && index.hasUntold();
    } catch {
      // The question itself comes upon what is wrong, and says it.
      return false;
    }
  };
  const tellLanguages = async (): Promise<void> => {
    if (isTelling) return;
    isTelling = true;
    index.tellLanguagesBy(await languageTeller());
  };
  const cancel = (id: number): void => {
    const place = waiting.findIndex(({ question }) => question.id === id);
    if (place >= 0) waiting.splice(place, 1);
  };
  main.listen((message) => {
    if (message === 'close') {
      void languages.then(() => {
        database.close();
        main.end();
      });
    } else if ('cancel' in message) {
      cancel(message.cancel);
    } else if (asksForLanguages(message) && (isTelling || needsTelling())) {
      languages = languages.then(tellLanguages).then(() => replyWhenKnown(message));
    } else replyWhenKnown(message);
  });
}
