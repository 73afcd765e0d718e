import type { Failure } from '#core/result.ts';

/** `pairs.jsonl · row 12 · field chosen`, or null where the failure has no place. */
export function failurePlace(failure: Failure): string | null {
  const { file, row, field } = failure.where ?? {};
  const parts = [
    file,
    row === undefined ? undefined : `row ${row}`,
    field === undefined ? undefined : `field ${field}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? null : parts.join(' · ');
}
