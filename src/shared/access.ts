/** Which procedures of the contract a role may call. What is not listed here is the owner's alone. */
import type { Contract } from './contract.ts';
import type { Role } from './peopleEntities.ts';

type Procedure = { [Room in keyof Contract]: `${Room}.${keyof Contract[Room] & string}` }[keyof Contract];

/** Own work, the queue and the guidelines (whose text in force the project carries). */
const ANNOTATOR: readonly Procedure[] = [
  'app.info',
  'project.current',
  'people.me',
  // Of a page that came by no link, which the service looks at.
  'people.here',
  'people.switchTo',
  'annotate.annotators',
  'annotate.identify',
  'annotate.queue',
  'annotate.decide',
  'annotate.write',
  'annotate.undo',
  'annotate.redo',
  'annotate.unsaved',
  'annotate.keep',
  'annotate.restore',
  'annotate.discard',
  'ratings.queue',
  'ratings.rate',
  'ratings.undo',
  'ratings.redo',
  'guidelines.versions',
  'guidelines.text',
  'guidelines.told',
];
/** Beside that, what people say of pairs on which they differ. */
const ADJUDICATOR: readonly Procedure[] = ['adjudication.queue', 'adjudication.decide'];
const ALLOWED: Readonly<Record<Exclude<Role, 'owner'>, ReadonlySet<string>>> = {
  annotator: new Set<string>(ANNOTATOR),
  adjudicator: new Set<string>([...ANNOTATOR, ...ADJUDICATOR]),
};

/** `path` as the contract has it: room, then procedure. */
export const mayCall = (role: Role, path: readonly string[]): boolean =>
  role === 'owner' || ALLOWED[role].has(path.join('.'));
