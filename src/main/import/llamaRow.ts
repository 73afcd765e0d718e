/** Rows of a set that LLaMA-Factory's list describes, by the names that the shapes know. Pure. */
import type { ImportRules } from '#shared/importEntities.ts';
import { NAMES, plainName } from './fields.ts';
import type { LlamaSet } from './files/llamaSets.ts';
import { readRow } from './readRow.ts';
import { isObject, type JsonObject, type RowOutcome } from './types.ts';

/** Columns that LLaMA-Factory has no name for, and that say who and where. */
const BESIDE = new Set(
  [...NAMES.id, ...NAMES.source, ...NAMES.aspect, ...NAMES.annotator, ...NAMES.strength].map(plainName),
);

function message(value: unknown, { role, content, roles }: NonNullable<LlamaSet['messages']>): unknown {
  if (!isObject(value)) return value;
  const { [role]: said, [content]: text, ...others } = value;
  const usual = typeof said === 'string' ? (roles.get(said) ?? said) : said;
  return {
    ...(said !== undefined && { from: usual }),
    ...(text !== undefined && { value: text }),
    ...others,
  };
}

const named = (value: unknown, set: LlamaSet): unknown => {
  const { messages } = set;
  if (!messages) return value;
  return Array.isArray(value) ? value.map((one) => message(one, messages)) : message(value, messages);
};

/** A field of the row as it is read, by the name that it has in the file. */
function fileField(field: string, set: LlamaSet): string {
  const [, first = '', rest = ''] = /^([^.[]*)(.*)$/s.exec(field) ?? [];
  return `${set.columns.get(first) ?? first}${rest}`;
}

export function readLlamaRow(value: unknown, set: LlamaSet, rules: ImportRules): RowOutcome {
  if (!isObject(value)) return readRow(value, rules);
  const { columns } = set;
  if (!set.isRanking && !columns.has('kto_tag'))
    return {
      ok: false,
      problem: {
        field: null,
        reason: `is of the set ${set.name}, which dataset_info.json lists without ranking and kto_tag: it holds no preferences; map its fields to read it all the same`,
      },
    };
  const row: Record<string, unknown> = {};
  const beside: Record<string, unknown> = {};
  for (const [part, column] of columns) {
    if (Object.hasOwn(value, column)) row[part] = named(value[column], set);
  }
  const used = new Set(columns.values());
  for (const [field, other] of Object.entries(value)) {
    if (used.has(field)) continue;
    if (BESIDE.has(plainName(field)) && !Object.hasOwn(row, field)) row[field] = other;
    else if (other !== null) beside[field] = other;
  }
  const outcome = readRow(row, rules);
  if (!outcome.ok) {
    const { field, reason } = outcome.problem;
    return { ok: false, problem: { field: field === null ? null : fileField(field, set), reason } };
  }
  const metadata = (kept: JsonObject | null): JsonObject | null => {
    const own = Object.entries(kept ?? {}).map(([field, held]) => [fileField(field, set), held] as const);
    const all = { ...Object.fromEntries(own), ...beside };
    return Object.keys(all).length > 0 ? all : null;
  };
  return {
    ok: true,
    shape: 'llama-factory',
    items: outcome.items.map((item) => ({ ...item, metadata: metadata(item.metadata) })),
    readings: outcome.readings.map(({ part, field }) => ({ part, field: fileField(field, set) })),
  };
}
