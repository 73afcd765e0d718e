import { ORPCError } from '@orpc/client';
import { FacetError, type Failure } from '#core/result.ts';
import { definedFailure } from '#shared/definedFailure.ts';
import { failureSchema } from '#shared/entities.ts';

export const CONNECTION_LOST = 'connection.lost';

/** Any error of a call as a `Failure`: main's own, a refused input, a lost line, or an unexpected one. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FacetError) return error.failure;
  if (error instanceof ORPCError) {
    const parsed = failureSchema.safeParse(error.data);
    if (error.code === 'FAILURE' && parsed.success) return definedFailure(parsed.data);
    if (error.code === 'BAD_REQUEST') {
      return { code: 'input.refused', message: `The input was refused: ${error.message}.` };
    }
    return { code: `call.${String(error.code).toLowerCase()}`, message: error.message };
  }
  if (isLostLine(error)) {
    return {
      code: CONNECTION_LOST,
      message: 'The connection to Facet was lost before the answer arrived.',
      fix: 'It reconnects by itself; then try again.',
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
