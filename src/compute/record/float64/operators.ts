/** ONNX operators in float64, after the specification of opset 21. */
import type { GraphNode } from '../graph.ts';
import { type Array64, broadcast, fill, get } from './array.ts';

type Evaluate = (inputs: readonly Array64[], node: GraphNode) => Array64 | readonly Array64[];

const outputShape = (node: GraphNode): readonly number[] => node.outputs[0]!.shape;
const attribute = (node: GraphNode, name: string): number => {
  const value = node.attributes[name];
  if (typeof value === 'object' && 'float' in value) return value.float;
  return Number(value ?? 0);
};
const list = (x: Array64 | undefined): number[] => Array.from(x?.data ?? []);

/** Abramowitz & Stegun 7.1.6: erf as a series, exact to rounding for |x| ≤ 4. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  Neg: (x) => -x,
  Exp: Math.exp,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Tanh: Math.tanh,
  Softplus: (x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0),
  Abs: Math.abs,
  Reciprocal: (x) => 1 / x,
  Sign: Math.sign,
  Floor: Math.floor,
  Erf: erf,
  Cos: Math.cos,
  Sin: Math.sin,
  Relu: (x) => Math.max(x, 0),
  Not: (x) => Number(x === 0),
  Cast: (x) => x,
  Identity: (x) => x,
};
const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
  Pow: (a, b) => a ** b,
  Equal: (a, b) => Number(a === b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
};
const REDUCTIONS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  ReduceSum: (values) => values.reduce((a, b) => a + b, 0),
  ReduceMean: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  ReduceMax: (values) => Math.max(...values),
  ReduceMin: (values) => Math.min(...values),
  ReduceProd: (values) => values.reduce((a, b) => a * b, 1),
};

const reduction =
  (of: (values: readonly number[]) => number): Evaluate =>
  ([x, axes], node) => {
    const reduced = list(axes);
    const kept = x!.shape.map((length, axis) => (reduced.includes(axis) ? 1 : length));
    const groups = new Map<string, number[]>();
    fill(x!.shape, (index) => {
      const key = index.map((position, axis) => (reduced.includes(axis) ? 0 : position)).join();
      groups.set(key, [...(groups.get(key) ?? []), get(x!, index)]);
      return 0;
    });
    const { data } = fill(kept, (index) => of(groups.get(index.join())!));
    return { shape: outputShape(node), data };
  };

/** Rows along the last axis, each mapped to as many values. */
function byRow(x: Array64, change: (row: readonly number[]) => readonly number[]): Array64 {
  const width = x.shape.at(-1)!;
  const data = new Float64Array(x.data.length);
  for (let first = 0; first < data.length; first += width) {
    data.set(change(Array.from(x.data.subarray(first, first + width))), first);
  }
  return { shape: x.shape, data };
}
const logSumExp = (row: readonly number[]): number => {
  const highest = Math.max(...row);
  return highest + Math.log(row.reduce((sum, x) => sum + Math.exp(x - highest), 0));
};

const product: Evaluate = ([a, b], node) => {
  const [transA, transB] = [attribute(node, 'transA') === 1, attribute(node, 'transB') === 1];
  const inner = a!.shape.at(transA ? -2 : -1)!;
  return fill(outputShape(node), (index) => {
    const [row, column] = index.slice(-2) as [number, number];
    const batch = index.slice(0, -2);
    let sum = 0;
    for (let k = 0; k < inner; k += 1) {
      const left = broadcast(a!, [...batch, ...(transA ? [k, row] : [row, k])]);
      sum += left * broadcast(b!, [...batch, ...(transB ? [column, k] : [k, column])]);
    }
    return sum;
  });
};

const slice: Evaluate = ([x, starts, , axes, steps], node) => {
  const along = list(axes);
  const [first, stride] = [list(starts), steps === undefined ? along.map(() => 1) : list(steps)];
  return fill(outputShape(node), (index) =>
    get(
      x!,
      index.map((position, axis) => {
        const at = along.indexOf(axis);
        if (at < 0) return position;
        const begin = first[at]! < 0 ? first[at]! + x!.shape[axis]! : first[at]!;
        return Math.min(begin, x!.shape[axis]! - 1) + position * stride[at]!;
      }),
    ),
  );
};

/** [x₁ | x₂] → [x₁c − x₂s | x₂c + x₁s] for each head. */
const rotary: Evaluate = ([x, positions, cos, sin], node) => {
  const size = x!.shape[2]! / attribute(node, 'num_heads');
  return fill(x!.shape, ([batch, token, column]) => {
    const within = column! % size;
    const [low, pair] = [within < size / 2, within % (size / 2)];
    const table = [positions!.data[token!]!, pair];
    const other = get(x!, [batch!, token!, low ? column! + size / 2 : column! - size / 2]);
    return get(x!, [batch!, token!, column!]) * get(cos!, table) + (low ? -1 : 1) * other * get(sin!, table);
  });
};

/** x·r·scale and r = 1/√(mean(x²) + epsilon) for each row. */
const rmsNorm: Evaluate = ([x, scale], node) => {
  const width = scale!.data.length;
  const rates = new Float64Array(x!.data.length / width).map((_, row) => {
    const values = x!.data.subarray(row * width, (row + 1) * width);
    return (
      1 /
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / width + attribute(node, 'epsilon'))
    );
  });
  const data = x!.data.map((value, at) => value * rates[Math.floor(at / width)]! * scale!.data[at % width]!);
  return [
    { shape: x!.shape, data },
    { shape: node.outputs[1]!.shape, data: rates },
  ];
};

export const OPERATORS: Readonly<Record<string, Evaluate>> = {
  ...(Object.fromEntries(
    Object.entries(UNARY).map(([op, of]) => [op, ([x]) => ({ shape: x!.shape, data: x!.data.map(of) })]),
  ) as Record<string, Evaluate>),
  ...Object.fromEntries(
    Object.entries(BINARY).map(([op, of]): [string, Evaluate] => [
      op,
      ([a, b], node) => fill(outputShape(node), (index) => of(broadcast(a!, index), broadcast(b!, index))),
    ]),
  ),
  ...Object.fromEntries(Object.entries(REDUCTIONS).map(([op, of]) => [op, reduction(of)])),
  MatMul: product,
  Gemm: product,
  FusedMatMul: product,
  Slice: slice,
  RotaryEmbedding: rotary,
  SimplifiedLayerNormalization: rmsNorm,
  Softmax: ([x]) => byRow(x!, (row) => row.map((value) => Math.exp(value - logSumExp(row)))),
  LogSoftmax: ([x]) => byRow(x!, (row) => row.map((value) => value - logSumExp(row))),
  Where: ([condition, yes, no], node) =>
    fill(outputShape(node), (index) => broadcast(broadcast(condition!, index) !== 0 ? yes! : no!, index)),
  Clip: ([x, low, high]) => ({
    shape: x!.shape,
    data: x!.data.map((value) => Math.min(Math.max(value, low!.data[0]!), high!.data[0]!)),
  }),
  LeakyRelu: ([x], node) => ({
    shape: x!.shape,
    data: x!.data.map((value) => (value < 0 ? value * attribute(node, 'alpha') : value)),
  }),
  Reshape: ([x], node) => ({ shape: outputShape(node), data: x!.data }),
  Expand: ([x], node) => fill(outputShape(node), (index) => broadcast(x!, index)),
  Tile: ([x], node) =>
    fill(outputShape(node), (index) =>
      get(
        x!,
        index.map((at, axis) => at % x!.shape[axis]!),
      ),
    ),
  Transpose: ([x], node) => {
    const order = node.attributes.perm as readonly number[];
    return fill(outputShape(node), (index) =>
      get(
        x!,
        order.map((_, axis) => index[order.indexOf(axis)]!),
      ),
    );
  },
  Concat: (parts, node) => {
    const axis = attribute(node, 'axis');
    return fill(outputShape(node), (index) => {
      let at = index[axis]!;
      const part = parts.find((one) => {
        if (at < one.shape[axis]!) return true;
        at -= one.shape[axis]!;
        return false;
      });
      return get(part!, index.with(axis, at));
    });
  },
  Split: ([x], node) => {
    const axis = attribute(node, 'axis');
    let first = 0;
    return node.outputs.map(({ shape }) => {
      const begin = first;
      first += shape[axis]!;
      return fill(shape, (index) => get(x!, index.with(axis, index[axis]! + begin)));
    });
  },
  Pad: ([x, pads, value], node) =>
    fill(outputShape(node), (index) => {
      const inner = index.map((at, axis) => at - pads!.data[axis]!);
      return inner.every((at, axis) => at >= 0 && at < x!.shape[axis]!) ? get(x!, inner) : value!.data[0]!;
    }),
  CumSum: ([x, axis], node) => {
    const [along, exclusive, reverse] = [
      axis!.data[0]!,
      attribute(node, 'exclusive'),
      attribute(node, 'reverse'),
    ];
    return fill(x!.shape, (index) => {
      let sum = 0;
      for (let at = 0; at < x!.shape[along]!; at += 1) {
        const before = reverse === 1 ? at > index[along]! : at < index[along]!;
        if (before || (exclusive === 0 && at === index[along])) sum += get(x!, index.with(along, at));
      }
      return sum;
    });
  },
  Gather: ([x, indices], node) => {
    const axis = attribute(node, 'axis');
    const rank = indices!.shape.length;
    return fill(outputShape(node), (index) => {
      const picked = get(indices!, index.slice(axis, axis + rank));
      return get(x!, [...index.slice(0, axis), picked, ...index.slice(axis + rank)]);
    });
  },
  ScatterElements: ([zeros, indices, updates]) => {
    const sums = { shape: zeros!.shape, data: zeros!.data.slice() };
    const width = zeros!.shape[1]!;
    fill(updates!.shape, (index) => {
      sums.data[get(indices!, index) * width + index[1]!]! += get(updates!, index);
      return 0;
    });
    return sums;
  },
};
