/** Of each prompt, what most of its pairs have; the first by name among equals. */
export function commonest(rows: Iterable<[promptId: number, name: string]>): Map<number, string> {
  const counts = new Map<number, Map<string, number>>();
  for (const [promptId, name] of rows) {
    const own = counts.get(promptId) ?? new Map<string, number>();
    own.set(name, (own.get(name) ?? 0) + 1);
    counts.set(promptId, own);
  }
  return new Map(
    [...counts].map(([promptId, own]) => [
      promptId,
      [...own].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? '',
    ]),
  );
}
