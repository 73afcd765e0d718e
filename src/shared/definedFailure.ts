import type { z } from 'zod';
import type { Failure } from '#core/result.ts';
import type { failureSchema } from './entities.ts';

const definedOnly = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));

/** A parsed failure without the keys that are there but undefined, which the type of a `Failure` does not allow. */
export function definedFailure(parsed: z.infer<typeof failureSchema>): Failure {
  const { code, message, fix, where, suggestion } = parsed;
  return {
    code,
    message,
    ...(fix === undefined ? {} : { fix }),
    ...(where === undefined ? {} : { where: definedOnly(where) }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
