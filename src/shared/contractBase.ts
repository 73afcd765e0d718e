import { oc } from '@orpc/contract';
import { failureSchema } from './entities.ts';

/** Every failure crosses as this one typed error: a `Failure` value in `data`. */
export const base = oc.errors({ FAILURE: { data: failureSchema } });
