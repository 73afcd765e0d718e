/** The recorded program: values (typed, shaped) and the nodes that make them. Node order is a valid run order. */

export type ElementType = 'float32' | 'int32' | 'int64' | 'bool' | 'float16' | 'bfloat16' | 'uint8' | 'int8';
export type ConstantArray = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** What a value holds when it is known while recording. A uniform one is one number repeated over the shape. */
export type Known =
  | { readonly kind: 'array'; readonly data: ConstantArray }
  | { readonly kind: 'uniform'; readonly value: number };

export interface Source {
  readonly kind: 'input' | 'state' | 'constant';
  readonly name: string;
}

export interface Value {
  readonly id: number;
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Maker of the value; null for sources and known values. */
  readonly node: GraphNode | null;
  readonly known: Known | null;
  readonly source: Source | null;
}

export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Domain = '' | 'com.microsoft';

export interface GraphNode {
  readonly op: string;
  readonly domain: Domain;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Graph {
  readonly name: string;
  /** Sources that the nodes read. */
  readonly sources: readonly Value[];
  readonly nodes: readonly GraphNode[];
  /** Distinct values, each made by a node. */
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  readonly state: readonly { readonly name: string; readonly value: Value }[];
}

export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dimension, index) => dimension === b[index]);
}

/** Shape of two arrays combined element by element, aligned at the last axis; null if they don't fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis += 1) {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return null;
    shape.push(left === 1 ? right : left);
  }
  return shape;
}
