/** File name of a new project: the name with what file systems refuse taken out, `.facet` at its end. */
export function projectFileName(name: string): string {
  const safe = name
    .replace(/[^\p{L}\p{N}._ -]/gu, '')
    .trim()
    .replace(/\s+/g, '-')
    .replace(/^[.-]+/, '');
  return `${safe === '' ? 'preferences' : safe}.facet`;
}

/** Name of a project at a path chosen in the system's dialog. */
export const nameFromPath = (path: string): string =>
  (path.split(/[\\/]/).at(-1) ?? path).replace(/\.facet$/i, '') || 'preferences';
