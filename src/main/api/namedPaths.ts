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

/** Texts alone: the contract refuses anything else. */
export function pathsNamedBy(procedure: string, input: unknown): readonly string[] {
  const field = NAMING_PATHS[procedure];
  if (field === undefined || typeof input !== 'object' || input === null) return [];
  const value = (input as Readonly<Record<string, unknown>>)[field];
  const named: readonly unknown[] = Array.isArray(value) ? value : [value];
  return named.filter((path) => typeof path === 'string');
}
