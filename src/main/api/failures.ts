import { ORPCError } from '@orpc/server';
import { FacetError, type Failure, toFailure } from '#core/result.ts';

export interface FailureErrors {
  FAILURE(options: { message: string; data: Failure }): Error;
}

/** Any thrown thing as the contract's one typed error; what nobody foresaw is logged with its stack. */
export function typedError(error: unknown, errors: FailureErrors, log: (line: string) => void): Error {
  // The framework's own errors: an input that does not fit the contract, an unknown procedure.
  if (error instanceof ORPCError) return error;
  const failure = toFailure(error);
  if (!(error instanceof FacetError)) {
    log(`unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return errors.FAILURE({ message: failure.message, data: failure });
}
