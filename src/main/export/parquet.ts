import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';

type Row = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null;
const leaf = (name: string, type: Pick<SchemaElement, 'type' | 'converted_type'>): SchemaElement[] => [
  { name, ...type, repetition_type: 'OPTIONAL' },
];

/** The type of a column as an example of its values has it. Nothing is required: any value may be absent. */
function schemaOf(name: string, example: unknown): SchemaElement[] {
  if (typeof example === 'boolean') return leaf(name, { type: 'BOOLEAN' });
  if (typeof example === 'number') return leaf(name, { type: 'DOUBLE' });
  if (Array.isArray(example)) {
    return [
      { name, converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...schemaOf('element', example[0] ?? ''),
    ];
  }
  if (!isObject(example)) return leaf(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8' });
  const children = Object.entries(example);
  return [
    { name, repetition_type: 'OPTIONAL', num_children: children.length },
    ...children.flatMap(([key, value]) => schemaOf(key, value)),
  ];
}

/** Rows held at once. */
const GROUP_ROWS = 5000;

/**
 * A Parquet file, row group by row group, with the columns of `example`; where it has a text, lists and objects are JSON
 * texts.
 */
export function* parquetParts(example: Row, rows: Iterable<Row>): Generator<Uint8Array> {
  const columns = Object.entries(example);
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap(([name, value]) => schemaOf(name, value)),
  ];
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema });
  const taken = (): Uint8Array => {
    const part = bytes.getBytes().slice();
    bytes.index = 0;
    return part;
  };
  const cell = (value: unknown, asText: boolean): unknown =>
    asText && isObject(value) ? JSON.stringify(value) : (value ?? null);
  let group: Row[] = [];
  const write = (): void => {
    const columnData = columns.map(([name, like]) => ({
      name,
      data: group.map((row) => cell(row[name], typeof like === 'string')),
    }));
    void writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    group = [];
  };
  for (const row of rows) {
    group.push(row);
    if (group.length < GROUP_ROWS) continue;
    write();
    yield taken();
  }
  if (group.length > 0) write();
  void writer.finish();
  yield taken();
}
