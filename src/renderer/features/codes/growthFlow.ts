/** p(z|x) of beginnings as columns whose codes go on under their own numbers. Pure. */
import type { FlowChanges, FlowColumn } from '../../charts/flow/layout.ts';

/** Codes with less of a beginning are not drawn. */
const LEAST = 0.01;

export function growthFlow(growth: readonly { readonly weights: readonly number[] }[]): {
  readonly columns: readonly FlowColumn[];
  readonly changes: readonly FlowChanges[];
} {
  const columns = growth.map(({ weights }) => ({
    use: weights.map((share, code) => ({ code, share })).filter(({ share }) => share >= LEAST),
  }));
  const changes = columns.slice(1).map(({ use }, at) => {
    const before = new Set(columns[at]?.use.map(({ code }) => code));
    const codes = use.map(({ code }) => code);
    return {
      kept: codes.filter((code) => before.has(code)).map((code) => ({ from: code, to: code })),
      born: codes.filter((code) => !before.has(code)).map((code) => ({ code, from: null })),
      died: [],
    };
  });
  return { columns, changes };
}
