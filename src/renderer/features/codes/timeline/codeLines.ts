/** Codes followed from column to column: when each came, from what, and what became of it. Pure. */
import type { CodeFlow } from '#shared/codeFlow.ts';

export interface CodeLine {
  /** Its number in each column; null where it is not in use. */
  readonly codes: readonly (number | null)[];
  readonly shares: readonly number[];
  /** Number under which it was last in use. */
  readonly code: number;
  /** Column in which it comes; `from`: the code it split off from. */
  readonly begins: number;
  readonly from: number | null;
  /** Last column in which it is in use; `into`: the code that it went into. */
  readonly ends: number;
  readonly into: number | null;
}

/** Those in use at the end first, by share; then those that are gone, the last to go first. */
export function codeLines({ columns, changes }: Pick<CodeFlow, 'columns' | 'changes'>): CodeLine[] {
  const lines: CodeLine[] = [];
  let open = new Map<number, { codes: number[]; begins: number; from: number | null }>();
  const close = (
    line: { codes: number[]; begins: number; from: number | null },
    into: number | null,
  ): void => {
    const { codes, begins, from } = line;
    const at = (column: number): number | null => codes[column - begins] ?? null;
    const shareOf = (column: number): number =>
      columns[column]?.use.find(({ code }) => code === at(column))?.share ?? 0;
    lines.push({
      codes: columns.map((_, column) => at(column)),
      shares: columns.map((_, column) => shareOf(column)),
      code: codes.at(-1) as number,
      ...{ begins, from, into },
      ends: begins + codes.length - 1,
    });
  };
  for (const [column, { use }] of columns.entries()) {
    const change = changes[column - 1];
    const next = new Map<number, { codes: number[]; begins: number; from: number | null }>();
    for (const { from, to } of change?.kept ?? []) {
      const line = open.get(from);
      if (line) next.set(to, { ...line, codes: [...line.codes, to] });
    }
    for (const { code, into } of change?.died ?? []) {
      const line = open.get(code);
      if (line) close(line, into);
    }
    for (const { code } of use)
      if (!next.has(code)) {
        const from = change?.born.find((born) => born.code === code)?.from ?? null;
        next.set(code, { codes: [code], begins: column, from });
      }
    open = next;
  }
  for (const line of open.values()) close(line, null);
  return lines.sort(
    (a, b) => b.ends - a.ends || (b.shares[b.ends] ?? 0) - (a.shares[a.ends] ?? 0) || a.code - b.code,
  );
}
