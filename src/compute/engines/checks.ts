/** Checks that every engine makes on what it is handed. */
import { OUT_OF_MEMORY } from '#core/outOfMemory.ts';
import { FacetError } from '#core/result.ts';
import type { NamedData, NamedSpecs, TensorData, TensorSpec } from '../program.ts';
import { sameShape, sizeOf } from '../record/graph.ts';

export function specsOf(entries: ReadonlyMap<string, { readonly spec: TensorSpec }>): NamedSpecs {
  return Object.fromEntries([...entries].map(([name, { spec }]) => [name, spec]));
}

const words = (spec: TensorSpec): string => `${spec.dtype}[${spec.shape.join(', ')}]`;

/** State data must fill its shape, and a name keeps its shape for good. */
export function checkData(name: string, spec: TensorSpec, data: TensorData, before?: TensorSpec): void {
  if (before !== undefined && (before.dtype !== spec.dtype || !sameShape(before.shape, spec.shape))) {
    throw new FacetError({
      code: 'compute.bad-state',
      message: `The state ${name} is ${words(before)} and can't become ${words(spec)}.`,
      fix: 'Use another name, or another engine.',
      where: { field: name },
    });
  }
  if (data.length !== sizeOf(spec.shape)) {
    throw new FacetError({
      code: 'compute.bad-state',
      message: `The state ${name} is ${words(spec)} but has ${data.length} values.`,
      fix: 'Give as many values as the shape holds.',
      where: { field: name },
    });
  }
}

/** What a program could not be given; the library's words are the cause. */
export const noMemory = (program: string, device: string, cause: unknown): FacetError =>
  new FacetError(
    {
      code: OUT_OF_MEMORY,
      message: `${device} has no memory left for the program ${program}.`,
      fix: 'End other programs that use it, or choose shorter rows (the token budget), 4-bit weights or a smaller model.',
    },
    { cause },
  );

/** A run needs each input of the program, in full, and no other. */
export function checkInputs(program: string, specs: NamedSpecs, inputs: NamedData): void {
  for (const [name, spec] of Object.entries(specs)) {
    const data = inputs[name];
    if (data?.length !== sizeOf(spec.shape)) {
      throw new FacetError({
        code: 'compute.bad-input',
        message: `The program ${program} takes ${name} as ${words(spec)}; it got ${data === undefined ? 'nothing' : `${data.length} values`}.`,
        fix: 'Feed every input with as many values as its shape holds.',
        where: { field: name },
      });
    }
  }
  for (const name of Object.keys(inputs)) {
    if (specs[name] === undefined) {
      throw new FacetError({
        code: 'compute.bad-input',
        message: `The program ${program} has no input named ${name}.`,
        fix: `Its inputs are ${Object.keys(specs).join(', ')}.`,
        where: { field: name },
      });
    }
  }
}
