/** What a command says: its result on standard output, everything else on standard error. */
import { forTerminal, jsonForTerminal } from '#core/plainText.ts';
import type { Failure } from '#core/result.ts';

export interface OutputOptions {
  readonly json?: boolean | undefined;
}

/** One line of JSON for programs, else lines for people. */
export function printResult(options: OutputOptions, value: unknown, lines: () => readonly string[]): void {
  const text = options.json ? jsonForTerminal(value) : forTerminal(lines().join('\n'));
  process.stdout.write(`${text}\n`);
}

/** `error: what (where) fix: what to do`. */
export function failureLine({ message, where, fix }: Failure): string {
  const row = where?.row === undefined ? null : `row ${where.row}`;
  const field = where?.field === undefined ? null : `field ${where.field}`;
  const place = [where?.file, row, field].filter((part) => part !== undefined && part !== null).join(', ');
  return forTerminal(`error: ${message}${place ? ` (${place})` : ''}${fix ? ` fix: ${fix}` : ''}`);
}

/** A line that is rewritten in place on a terminal, and written on each change of `key` elsewhere. */
export function progressLine(stream: NodeJS.WriteStream = process.stderr) {
  let shown = '';
  let lastKey = '';
  return {
    update(key: string, given: string): void {
      const text = forTerminal(given);
      if (stream.isTTY) {
        stream.write(`\r${text.slice(0, stream.columns - 1).padEnd(shown.length)}`);
        shown = text;
      } else if (key !== lastKey) stream.write(`${text}\n`);
      lastKey = key;
    },
    /** A line that stays. */
    note(text: string): void {
      this.end();
      stream.write(`${forTerminal(text)}\n`);
    },
    end(): void {
      if (stream.isTTY && shown) stream.write('\n');
      shown = '';
    },
  };
}

/** Columns padded to their widest cell; figures are given as text. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
