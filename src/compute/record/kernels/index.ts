import { registerAfter } from './after.ts';
import { registerAppendRows } from './appendRows.ts';
import { registerArithmetic } from './arithmetic.ts';
import { registerCreate } from './create.ts';
import { registerGather } from './gather.ts';
import { registerMatmul } from './matmul.ts';
import { registerReduce } from './reduce.ts';
import { registerRmsNorm } from './rmsNorm.ts';
import { registerShape } from './shape.ts';
import { registerUnary } from './unary.ts';

let registered = false;

/** Registers every recording kernel with tfjs. Idempotent. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  registerAfter();
  registerAppendRows();
  registerArithmetic();
  registerCreate();
  registerGather();
  registerMatmul();
  registerReduce();
  registerRmsNorm();
  registerShape();
  registerUnary();
}
