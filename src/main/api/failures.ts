import { ORPCError } from '@orpc/server';
import { FacetError, type Failure } from '#core/result.ts';
import { storageFailure } from '../data/check.ts';

export interface FailureErrors {
  FAILURE(options: { message: string; data: Failure }): Error;
}

/** Any thrown thing as the contract's one typed error; what nobody foresaw is logged with its stack. */
export function typedError(
  error: unknown,
  errors: FailureErrors,
  log: (line: string) => void,
  onDamage: (message: string) => void,
): Error {
  // The framework's own errors: an input that does not fit the contract, an unknown procedure.
  if (error instanceof ORPCError) return error;
  const failure = storageFailure(error);
  if (!(error instanceof FacetError)) {
    log(`unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  if (failure.code === 'project.damaged') onDamage(failure.message);
  return errors.FAILURE({ message: failure.message, data: failure });
}
