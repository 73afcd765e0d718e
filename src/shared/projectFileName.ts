/** File name of a new project: the name with what file systems refuse taken out, `.facet` at its end. */
export function projectFileName(name: string): string {
  const safe = name
    .replace(/[^\p{L}\p{N}._ -]/gu, '')
    .trim()
    .replace(/\s+/g, '-')
    .replace(/^[.-]+/, '');
  return `${safe === '' ? 'preferences' : safe}.facet`;
}
