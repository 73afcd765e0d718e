import { turnParts } from './turns.ts';

/** A stranger's text on one line; characters that turn its direction are marked, and kept. */
export function MarkedTurns({ text }: { readonly text: string }) {
  const parts = turnParts(text);
  if (parts.every(({ turn }) => turn === null)) return text;
  return parts.map(({ text: part, start, turn }) =>
    turn === null ? (
      <span key={start}>{part}</span>
    ) : (
      <span key={start} data-turn={turn.name} title={turn.title}>
        {part}
      </span>
    ),
  );
}
