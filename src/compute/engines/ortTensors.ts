/** Between typed arrays and ONNX Runtime's tensors. */
import type * as Ort from 'onnxruntime-node';
import type { TensorData, TensorSpec } from '../program.ts';
import { ort } from './ort.ts';

/** A tensor over the array itself, where its type fits. */
export const toTensor = (spec: TensorSpec, data: TensorData): Ort.Tensor =>
  spec.dtype === 'float32'
    ? new (ort().Tensor)('float32', data instanceof Float32Array ? data : Float32Array.from(data), [
        ...spec.shape,
      ])
    : new (ort().Tensor)('int32', data instanceof Int32Array ? data : Int32Array.from(data), [...spec.shape]);

/** The array of a tensor in host memory; truth values become 0 and 1. */
export function dataOf(tensor: Ort.Tensor): TensorData {
  const { data } = tensor;
  if (data instanceof Float32Array) return data as Float32Array<ArrayBuffer>;
  if (data instanceof Int32Array) return data as Int32Array<ArrayBuffer>;
  if (data instanceof Uint8Array) return Int32Array.from(data);
  throw new Error(`an output has the type ${tensor.type}`);
}
