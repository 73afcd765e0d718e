import { FacetError } from '#core/result.ts';
import { openText } from './openText.ts';
import { readPair } from './readPair.ts';
import { splitRows } from './splitRows.ts';
import type { RowOutcome } from './types.ts';

export interface ReadBatch {
  readonly rows: readonly { readonly row: number; readonly outcome: RowOutcome }[];
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

function parse(text: string): RowOutcome {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: { field: null, reason: `is not JSON: ${(error as Error).message}` } };
  }
  return readPair(value);
}

/** Throws `import.stopped` where the caller has asked to end. */
export function checkStopped(signal?: AbortSignal): void {
  if (!signal?.aborted) return;
  throw new FacetError({
    code: 'import.stopped',
    message: 'The import was stopped; the project is as it was before.',
    fix: 'Start it again when you like.',
  });
}

/** Rows of a pair file in batches small enough to keep the process responsive. */
export async function* readFile(
  file: string,
  batchRows: number,
  signal?: AbortSignal,
): AsyncGenerator<ReadBatch> {
  const text = await openText(file);
  const { bytesTotal } = text;
  for await (const raw of splitRows(text.chunks())) {
    for (let start = 0; start < raw.length; start += batchRows) {
      checkStopped(signal);
      const rows = raw
        .slice(start, start + batchRows)
        .map((item) => ({ row: item.row, outcome: parse(item.text) }));
      yield { rows, bytesRead: text.bytesRead(), bytesTotal };
    }
  }
}
