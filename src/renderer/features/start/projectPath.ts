/** Name of a project at a path chosen in the system's dialog. */
export const nameFromPath = (path: string): string =>
  (path.split(/[\\/]/).at(-1) ?? path).replace(/\.facet$/i, '') || 'preferences';
