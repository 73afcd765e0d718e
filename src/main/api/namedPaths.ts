import { namedStart } from '#core/startFrom.ts';

/** The paths that a call names, as its input has them: before it is read by the contract, so of any shape. */
type Field = 'path' | 'paths' | 'file' | 'out' | 'parent' | 'folder';

/** Every procedure whose input names a place of the disk, and where it stands there. */
export const NAMING_PATHS: Readonly<Record<string, Field>> = {
  'project.create': 'path',
  'project.open': 'path',
  'project.backups': 'path',
  'project.restore': 'path',
  'library.inputs': 'paths',
  'library.preview': 'file',
  'library.import': 'file',
  'data.export': 'out',
  'models.add': 'path',
  'runs.saveFigures': 'parent',
  'runs.export': 'parent',
  'jobs.make': 'parent',
  'jobs.take': 'path',
  'hub.updateSettings': 'folder',
};

/** Procedures that ask for a run, which may start from an adapter's folder: `config.startFrom`. */
const ASKING_FOR_RUNS = ['runs.start', 'runs.estimate', 'runQueue.add', 'sweeps.start', 'jobs.make'];

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[field]
    : undefined;

function startsNamedBy(procedure: string, input: unknown): readonly string[] {
  const startFrom = ASKING_FOR_RUNS.includes(procedure) && fieldOf(fieldOf(input, 'config'), 'startFrom');
  return typeof startFrom === 'string' && namedStart(startFrom).kind === 'folder' ? [startFrom] : [];
}

/** Texts alone: the contract refuses anything else. */
export function pathsNamedBy(procedure: string, input: unknown): readonly string[] {
  const starts = startsNamedBy(procedure, input);
  const field = NAMING_PATHS[procedure];
  if (field === undefined) return starts;
  const value = fieldOf(input, field);
  const named: readonly unknown[] = Array.isArray(value) ? value : [value];
  return [...named.filter((path) => typeof path === 'string'), ...starts];
}
