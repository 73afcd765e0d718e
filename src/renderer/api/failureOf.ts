import { ORPCError } from '@orpc/client';
import { FacetError, type Failure } from '#core/result.ts';
import { failureSchema } from '#shared/entities.ts';

export const CONNECTION_LOST = 'connection.lost';

/** Drops the keys that are there but undefined, which the type of a `Failure` does not allow. */
const definedOnly = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));

/** Any error of a call as a `Failure`: main's own, a refused input, a lost line, or an unexpected one. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FacetError) return error.failure;
  if (error instanceof ORPCError) {
    const parsed = failureSchema.safeParse(error.data);
    if (error.code === 'FAILURE' && parsed.success) {
      const { code, message, fix, where } = parsed.data;
      return {
        code,
        message,
        ...(fix === undefined ? {} : { fix }),
        ...(where === undefined ? {} : { where: definedOnly(where) }),
      };
    }
    if (error.code === 'BAD_REQUEST') {
      return { code: 'input.refused', message: `The input was refused: ${error.message}.` };
    }
    return { code: `call.${String(error.code).toLowerCase()}`, message: error.message };
  }
  if (isLostLine(error)) {
    return {
      code: CONNECTION_LOST,
      message: 'The line to Facet was lost before the answer came.',
      fix: 'It is opened again by itself; then try again.',
    };
  }
  return {
    code: 'internal.unexpected',
    message: error instanceof Error ? error.message : String(error),
  };
}

function isLostLine(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || /not open|AsyncIdQueue|queue.*(closed|aborted)/i.test(error.message);
}
