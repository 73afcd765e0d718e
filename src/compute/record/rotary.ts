/** Finds rotary position embeddings among recorded nodes: one fused node instead of six. */
import type { GraphBuilder } from './builder.ts';
import { sameShape, type Value } from './graph.ts';
import { reshape } from './shapes.ts';

/** The inputs of a node of one kind that made `value`, all present; null otherwise. */
function made(value: Value | undefined, op: string): readonly Value[] | null {
  if (value?.node?.op !== op) return null;
  const inputs = value.node.inputs.filter((input) => input !== null);
  return inputs.length === value.node.inputs.length ? inputs : null;
}

const numbers = (value: Value | undefined): string =>
  value?.known?.kind === 'array' ? Array.from(value.known.data, String).join(',') : '';

/** Whether `part` is x[:, :, first:end], of three axes. */
function isPart(part: Value | undefined, x: Value, first: number, end: number): boolean {
  const inputs = made(part, 'Slice');
  if (inputs === null || inputs[0] !== x) return false;
  return (
    numbers(inputs[1]) === String(first) && numbers(inputs[2]) === String(end) && numbers(inputs[3]) === '2'
  );
}

/** Two halves along the last of three axes. */
function halves(value: Value | undefined): readonly [Value, Value] | null {
  const inputs = made(value, 'Concat');
  if (inputs?.length !== 2 || value?.node?.attributes.axis !== 2) return null;
  return [inputs[0]!, inputs[1]!];
}

/**
 * x·[c | c] ± swap(x)·[−s | s] with x (tokens, heads, size) and c, s (tokens, 1, size / 2), where swap exchanges the
 * halves of the last axis: the rotation and, with the minus, its transpose. Null where the operands are not of this form.
 */
export function rotation(builder: GraphBuilder, op: string, a: Value, b: Value): Value | null {
  if ((op !== 'Add' && op !== 'Sub') || a.shape.length !== 3 || !sameShape(a.shape, b.shape)) return null;
  const [straight, crossed] = [made(a, 'Mul'), made(b, 'Mul')];
  if (straight === null || crossed === null) return null;
  const [x, cosines] = straight as [Value, Value];
  const swapped = halves(crossed[0]);
  const [cosine, sine] = [halves(cosines), halves(crossed[1])];
  if (swapped === null || cosine === null || sine === null) return null;
  const [tokens, heads, size] = x.shape as [number, number, number];
  const half = size / 2;
  const negated = made(sine[0], 'Neg');
  const fits =
    sameShape(x.shape, a.shape) &&
    isPart(swapped[0], x, half, size) &&
    isPart(swapped[1], x, 0, half) &&
    cosine[0] === cosine[1] &&
    negated?.[0] === sine[1] &&
    [cosine[0], sine[1]].every((table) => sameShape(table.shape, [tokens, 1, half]));
  if (!fits) return null;
  const flat = { shape: [1, tokens, heads * size], type: x.type };
  const positions = BigInt64Array.from({ length: tokens }, (_, position) => BigInt(position));
  const table = (value: Value): Value => reshape(builder, value, [tokens, half]);
  const rotated = builder.emit(
    'RotaryEmbedding',
    [
      reshape(builder, x, flat.shape),
      builder.array(positions, [1, tokens], 'int64'),
      table(cosine[0]),
      table(op === 'Add' ? sine[1] : sine[0]),
    ],
    flat,
    { domain: 'com.microsoft', attributes: { num_heads: heads } },
  );
  return reshape(builder, rotated, x.shape);
}
