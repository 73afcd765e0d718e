/**
 * Any typed text as an FTS5 query: every word must occur, the last part of each as a prefix. Words are quoted, so
 * that no operator, bracket or quote of the query language is left. Null where nothing searchable was typed.
 */
export function searchQuery(text: string): string | null {
  const words = text
    .split(/[\s\0]+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => `"${word.replaceAll('"', '""')}"*`);
  return words.length === 0 ? null : words.join(' ');
}
