import { parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';

type Row = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (name: string): SchemaElement[] => [
  { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
];

/** The type of a column by its values: texts, numbers, lists and objects of one kind; null for a mixture. */
function schemaOf(name: string, values: readonly unknown[]): SchemaElement[] | null {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.every((value) => typeof value === 'string')) return text(name);
  if (present.every((value) => typeof value === 'boolean'))
    return [{ name, type: 'BOOLEAN', repetition_type: 'OPTIONAL' }];
  if (present.every((value) => typeof value === 'number'))
    return [{ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }];
  if (present.every(Array.isArray)) {
    const element = schemaOf('element', (present as unknown[][]).flat());
    return (
      element && [
        { name, converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...element,
      ]
    );
  }
  if (!present.every(isObject)) return null;
  const keys = [...new Set((present as Row[]).flatMap((value) => Object.keys(value)))];
  const children = keys.map((key) =>
    schemaOf(
      key,
      (present as Row[]).map((value) => value[key]),
    ),
  );
  if (keys.length === 0 || children.some((child) => child === null)) return null;
  return [
    { name, repetition_type: 'OPTIONAL', num_children: keys.length },
    ...children.flatMap((child) => child ?? []),
  ];
}

/** The rows as one Parquet file, held whole; with `text` lists and objects are JSON texts. A column of several kinds of value is JSON text. */
export function parquetBytes(
  columns: readonly string[],
  rows: readonly Row[],
  nested: 'typed' | 'text',
): Uint8Array {
  const data = columns.map((name) => {
    const values = rows.map((row) => row[name] ?? null);
    const asText = nested === 'text' && values.some((value) => typeof value === 'object' && value !== null);
    const schema = asText ? null : schemaOf(name, values);
    if (schema) return { name, values, schema };
    const texts = values.map((value) => (value === null ? null : JSON.stringify(value)));
    return { name, values: texts, schema: text(name) };
  });
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...data.flatMap((column) => column.schema),
  ];
  return new Uint8Array(
    parquetWriteBuffer({ columnData: data.map(({ name, values }) => ({ name, data: values })), schema }),
  );
}
