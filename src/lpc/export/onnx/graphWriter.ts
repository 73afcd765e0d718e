/** An ONNX graph with symbolic dimensions, node by node. Field numbers are those of onnx.proto3. */
import { ProtobufWriter } from '#compute/onnx/protobuf.ts';

const OPSET = 17;
const IR_VERSION = 8;
const TYPES = { float32: 1, int64: 7, bool: 9 } as const;
export type OnnxType = keyof typeof TYPES;
/** A name stands for a dimension that is known only when the graph runs. */
export type Dimension = number | string;
export type AttributeValue =
  | number
  | readonly number[]
  | { readonly float: number }
  | { readonly type: OnnxType };

interface Info {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly Dimension[];
}
interface Initialiser {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly content:
    | Uint8Array
    | { readonly location: string; readonly offset: number; readonly length: number };
}
interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export class GraphWriter {
  readonly #nodes: OnnxNode[] = [];
  readonly #initialisers = new Map<string, Initialiser>();
  readonly #inputs: Info[] = [];
  readonly #outputs: Info[] = [];
  #made = 0;

  input(name: string, type: OnnxType, shape: readonly Dimension[]): string {
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** Gives an existing value the name of an output. */
  output(name: string, value: string, type: OnnxType, shape: readonly Dimension[]): void {
    this.#nodes.push({ op: 'Identity', inputs: [value], outputs: [name], attributes: {} });
    this.#outputs.push({ name, type, shape });
  }

  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    return this.nodes(op, inputs, 1, attributes)[0] as string;
  }

  /** A node of several outputs. */
  nodes(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string[] {
    const outputs = Array.from({ length: count }, () => `${op}_${++this.#made}`);
    this.#nodes.push({ op, inputs, outputs, attributes });
    return outputs;
  }

  /** A value held in the graph; equal ones are held once. */
  floats(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.#hold('float32', shape, new Uint8Array(Float32Array.from(values).buffer));
  }
  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.#hold('int64', shape, new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer));
  }

  /** Values under a name of their own. */
  values(name: string, shape: readonly number[], values: Float32Array): string {
    const content = new Uint8Array(values.slice().buffer);
    this.#initialisers.set(name, { name, type: 'float32', shape, content });
    return name;
  }

  #hold(type: OnnxType, shape: readonly number[], content: Uint8Array): string {
    const name = `${type}[${shape}]${Buffer.from(content).toString('base64')}`;
    if (!this.#initialisers.has(name)) this.#initialisers.set(name, { name, type, shape, content });
    return name;
  }

  /** Float32 values that lie in a file beside the graph's. */
  external(name: string, shape: readonly number[], location: string, offset: number, length: number): string {
    const content = { location, offset, length };
    this.#initialisers.set(name, { name, type: 'float32', shape, content });
    return name;
  }

  finish(graphName: string, metadata: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
    const model = new ProtobufWriter()
      .integer(1, IR_VERSION)
      .text(2, 'facet')
      .message(7, (graph) => {
        for (const node of this.#nodes) graph.message(1, (writer) => writeNode(writer, node));
        graph.text(2, graphName);
        for (const held of this.#initialisers.values())
          graph.message(5, (writer) => writeInitialiser(writer, held));
        for (const info of this.#inputs) graph.message(11, (writer) => writeInfo(writer, info));
        for (const info of this.#outputs) graph.message(12, (writer) => writeInfo(writer, info));
      })
      .message(8, (opset) => opset.text(1, '').integer(2, OPSET));
    for (const [key, value] of Object.entries(metadata)) {
      model.message(14, (entry) => entry.text(1, key).text(2, value));
    }
    return model.finish();
  }
}

function writeNode(writer: ProtobufWriter, { op, inputs, outputs, attributes }: OnnxNode): void {
  for (const input of inputs) writer.text(1, input);
  for (const output of outputs) writer.text(2, output);
  writer.text(3, outputs[0] ?? op).text(4, op);
  for (const [name, value] of Object.entries(attributes)) {
    writer.message(5, (inner) => {
      inner.text(1, name);
      if (typeof value === 'number') inner.integer(3, value).integer(20, 2);
      else if ('float' in value) inner.float(2, value.float).integer(20, 1);
      else if ('type' in value) inner.integer(3, TYPES[value.type]).integer(20, 2);
      else {
        for (const item of value) inner.integer(8, item);
        inner.integer(20, 7);
      }
    });
  }
}

function writeInitialiser(writer: ProtobufWriter, { name, type, shape, content }: Initialiser): void {
  for (const length of shape) writer.integer(1, length);
  writer.integer(2, TYPES[type]).text(8, name);
  if (content instanceof Uint8Array) {
    writer.bytes(9, content);
    return;
  }
  const { location, offset, length } = content;
  for (const [key, value] of Object.entries({ location, offset: String(offset), length: String(length) })) {
    writer.message(13, (entry) => entry.text(1, key).text(2, value));
  }
  writer.integer(14, 1);
}

function writeInfo(writer: ProtobufWriter, { name, type, shape }: Info): void {
  writer.text(1, name).message(2, (holder) =>
    holder.message(1, (tensor) =>
      tensor.integer(1, TYPES[type]).message(2, (dimensions) => {
        for (const length of shape) {
          dimensions.message(1, (dimension) => {
            if (typeof length === 'number') dimension.integer(1, length);
            else dimension.text(2, length);
          });
        }
      }),
    ),
  );
}
