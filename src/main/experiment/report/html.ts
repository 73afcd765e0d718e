/** Small helpers to write markup; every text goes through `text`. */
export type Markup = string & { readonly markup: unique symbol };

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Any text made safe for content and attributes. */
export const text = (value: string | number): Markup =>
  String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] as string) as Markup;

type Part = Markup | string | number | null | readonly Part[];

const written = (part: Part): string => {
  if (part === null) return '';
  if (typeof part === 'number') return text(part);
  return typeof part === 'string' ? part : part.map(written).join('');
};

/**
 * A template of markup. Values are put in as they are: they must come from `text`, from another `html`, or be written
 * here.
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  strings.reduce((all, string, index) => all + string + written(parts[index] ?? null), '') as Markup;

export interface TableColumn {
  readonly head: string;
  /** Said where a pointer rests on the head. */
  readonly title?: string;
  /** Figures are set to the right, in figures of equal width. */
  readonly figures?: boolean;
}

export function htmlTable(
  caption: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly Markup[])[],
): Markup {
  const heads = columns.map(
    ({ head, title, figures }) =>
      html`<th scope="col"${figures ? ' class="figures"' : ''}${title ? html` title="${text(title)}"` : ''}>${text(head)}</th>`,
  );
  const body = rows.map(
    (row) =>
      html`<tr>${row.map((cell, at) =>
        at === 0
          ? html`<th scope="row">${cell}</th>`
          : html`<td class="${columns[at]?.figures ? 'figures' : 'words'}">${cell}</td>`,
      )}</tr>`,
  );
  // The caption stays in view while the table is scrolled sideways.
  return html`<div class="table"><div class="caption">${text(caption)}</div><div class="scroll" tabindex="0" role="group" aria-label="${text(caption)}"><table aria-label="${text(caption)}"><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div></div>`;
}
