import { partsOf } from '#core/preference.ts';
import type { ImportedItem, RowProblem } from './types.ts';

/** What became of a row, on one line. */
export function itemText(row: number, item: ImportedItem): string {
  const said =
    item.kind === 'single'
      ? `single ${item.desirable}`
      : item.verdicts.map(
          ({ annotator, verdict, strength }) =>
            `${verdict}${strength == null ? '' : `*${strength}`}${annotator === null ? '' : `@${annotator}`}`,
        );
  const label = String(said) || 'unlabelled';
  const messages = JSON.stringify(
    item.messages.map((message) =>
      `${message.role[0]}:${message.content}${JSON.stringify(partsOf(message)) ?? ''}`.replace(/null$/, ''),
    ),
  );
  const replies = JSON.stringify(item.kind === 'single' ? [item.reply] : item.replies);
  const id = item.itemId === null ? '' : ` #${item.itemId}`;
  const source = item.source === null ? '' : ` from ${item.source}`;
  const metadata = item.metadata === null ? '' : ` +${Object.keys(item.metadata)}`;
  const held = item.kind === 'single' ? [item.turns ?? null] : (item.turns ?? []);
  const turns = held.some(Boolean) ? ` turns ${String(held.map((list) => list?.length ?? 0))}` : '';
  return `${row} ${label} ${messages} ${replies}${turns}${id}${source}${metadata}`;
}
export const problemText = (row: number, { field, reason }: RowProblem): string =>
  `${row} refused ${field ?? 'row'}: ${(reason.split(/[,;:(]/)[0] as string).slice(0, 60)}`;
