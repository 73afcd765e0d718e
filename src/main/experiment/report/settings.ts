/** The exact settings: what all cells share, and what each method has of its own. */
import { settingsOf } from '../outcome.ts';
import type { CellResult, JsonValue } from '../types.ts';
import { html, htmlTable, type Markup, text } from './html.ts';

/** Longer values break over lines instead of widening the table. */
const LONG = 40;

function written(value: JsonValue | undefined): Markup {
  if (value === undefined) return text('');
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return html`<code${shown.length > LONG ? ' class="long"' : ''}>${text(shown)}</code>`;
}

export function settingsTables(results: readonly CellResult[]): Markup {
  const { shared, own } = settingsOf(results);
  const keys = [...new Set([...own.values()].flatMap((settings) => Object.keys(settings)))];
  const methods = [...own];
  return html`${
    keys.length > 0
      ? htmlTable(
          'What differs between methods',
          [{ head: 'method' }, ...keys.map((key) => ({ head: key }))],
          methods.map(([method, settings]) => [text(method), ...keys.map((key) => written(settings[key]))]),
        )
      : null
  }<details><summary>What all cells share</summary>${htmlTable(
    'Shared settings; latent.… hold where a latent reads them',
    [{ head: 'setting' }, { head: 'value' }],
    Object.entries(shared).map(([key, value]) => [text(key), written(value)]),
  )}</details>`;
}
