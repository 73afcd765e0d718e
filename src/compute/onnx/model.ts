/** A recorded graph as the bytes of an ONNX model. Field numbers are those of onnx.proto3. */
import { TYPE_CODES } from '../record/elementwise.ts';
import type { Attribute, ElementType, Graph, GraphNode, Known, Value } from '../record/graph.ts';
import { sizeOf } from '../record/graph.ts';
import { ProtobufWriter } from './protobuf.ts';

const OPSET = 21;
const IR_VERSION = 10;

/** A constant that lives in the model: its bytes, or a slice of a file in the model's folder. */
export type Baked =
  | { readonly kind: 'bytes'; readonly type: ElementType; readonly bytes: Uint8Array }
  | {
      readonly kind: 'external';
      readonly type: ElementType;
      readonly location: string;
      readonly offset: number;
      readonly length: number;
    };

/** Name of a source among the inputs of the model. */
export const sourceName = (kind: 'input' | 'state' | 'constant', name: string): string => `${kind}/${name}`;
/** Name of a made value in the model, unique. */
export const valueName = (value: Value): string =>
  value.source === null ? `v${value.id}` : sourceName(value.source.kind, value.source.name);

/**
 * The model's bytes: inputs are the sources, outputs the state and then the outputs, each named `v<id>`. Constants
 * named in `baked` are initialisers instead of inputs.
 */
export function writeModel(
  graph: Graph,
  baked: ReadonlyMap<string, Baked> = new Map(),
): Uint8Array<ArrayBuffer> {
  const bakedOf = (value: Value): Baked | undefined =>
    value.source?.kind === 'constant' ? baked.get(value.source.name) : undefined;
  const known = new Map<number, Value>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) if (input?.known) known.set(input.id, input);
  }
  return new ProtobufWriter()
    .integer(1, IR_VERSION)
    .text(2, 'facet')
    .message(7, (writer) => {
      for (const source of graph.sources) {
        const constant = bakedOf(source);
        if (constant !== undefined && constant.type !== source.type) writeCast(writer, source);
      }
      for (const node of graph.nodes) writer.message(1, (inner) => writeNode(inner, node));
      writer.text(2, graph.name);
      for (const node of graph.nodes) {
        if (computesShape(node)) writer.message(13, (inner) => writeInfo(inner, node.outputs[0]!));
      }
      for (const value of known.values()) {
        const { bytes, type } = knownBytes(value.known!, value);
        writer.message(5, (inner) =>
          writeTensor(inner, valueName(value), value.shape, { kind: 'bytes', type, bytes }),
        );
      }
      for (const source of graph.sources) {
        const constant = bakedOf(source);
        if (constant === undefined) {
          writer.message(11, (inner) => writeInfo(inner, source));
        } else {
          const name = constant.type === source.type ? valueName(source) : `${valueName(source)}/stored`;
          writer.message(5, (inner) => writeTensor(inner, name, source.shape, constant));
        }
      }
      for (const { value } of [...graph.state, ...graph.outputs]) {
        writer.message(12, (inner) => writeInfo(inner, value));
      }
    })
    .message(8, (opset) => opset.text(1, '').integer(2, OPSET))
    .message(8, (opset) => opset.text(1, 'com.microsoft').integer(2, 1))
    .finish();
}

/** ONNX can't infer the result's shape: unless told, it neither reuses memory nor simplifies below it. */
const computesShape = (node: GraphNode): boolean =>
  node.op === 'Reshape' && node.inputs[1]?.known === null && node.outputs[0] !== undefined;

function writeNode(writer: ProtobufWriter, node: GraphNode): void {
  for (const input of node.inputs) writer.text(1, input === null ? '' : valueName(input));
  for (const output of node.outputs) writer.text(2, valueName(output));
  writer.text(3, `${node.op}_${node.outputs[0]?.id ?? 0}`).text(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, (inner) => writeAttribute(inner, name, value));
  }
  if (node.domain !== '') writer.text(7, node.domain);
}

function writeCast(writer: ProtobufWriter, source: Value): void {
  writer.message(1, (node) => {
    node
      .text(1, `${valueName(source)}/stored`)
      .text(2, valueName(source))
      .text(4, 'Cast');
    node.message(5, (inner) => writeAttribute(inner, 'to', TYPE_CODES[source.type]));
  });
}

function writeAttribute(writer: ProtobufWriter, name: string, value: Attribute): void {
  writer.text(1, name);
  if (typeof value === 'number') writer.integer(3, value).integer(20, 2);
  else if (typeof value === 'string') writer.text(4, value).integer(20, 3);
  else if ('float' in value) writer.float(2, value.float).integer(20, 1);
  else {
    for (const item of value) writer.integer(8, item);
    writer.integer(20, 7);
  }
}

function writeInfo(writer: ProtobufWriter, value: Value): void {
  writer.text(1, valueName(value)).message(2, (type) =>
    type.message(1, (tensor) =>
      tensor.integer(1, TYPE_CODES[value.type]).message(2, (shape) => {
        for (const length of value.shape) shape.message(1, (dimension) => dimension.integer(1, length));
      }),
    ),
  );
}

function writeTensor(writer: ProtobufWriter, name: string, shape: readonly number[], data: Baked): void {
  for (const length of shape) writer.integer(1, length);
  writer.integer(2, TYPE_CODES[data.type]).text(8, name);
  if (data.kind === 'bytes') {
    writer.bytes(9, data.bytes);
    return;
  }
  const entries = { location: data.location, offset: String(data.offset), length: String(data.length) };
  for (const [key, value] of Object.entries(entries)) {
    writer.message(13, (entry) => entry.text(1, key).text(2, value));
  }
  writer.integer(14, 1);
}

function knownBytes(known: Known, value: Value): { bytes: Uint8Array; type: ElementType } {
  const data = known.kind === 'array' ? known.data : filled(value.type, sizeOf(value.shape), known.value);
  return { bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), type: value.type };
}

function filled(type: ElementType, size: number, value: number): ArrayBufferView {
  if (type === 'float32') return new Float32Array(size).fill(value);
  if (type === 'int32') return new Int32Array(size).fill(value);
  if (type === 'int64') return new BigInt64Array(size).fill(BigInt(value));
  return new Uint8Array(size).fill(value);
}
