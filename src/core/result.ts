/** A failure that may cross any boundary: what is wrong, where, and what to do about it. */
export interface Failure {
  /** Stable, machine-readable, `area.reason`, e.g. `import.unreadable-row`. */
  readonly code: string;
  readonly message: string;
  /** One sentence that says what to do next. */
  readonly fix?: string;
  readonly where?: { readonly file?: string; readonly row?: number; readonly field?: string };
  /** What would mend it, where a setting does. */
  readonly suggestion?: Suggestion;
}

/** A value for a setting, which a screen offers as a button: “Use {label}”. */
export interface Suggestion {
  /** As in `where`: `tokenBudget`, `latent.codes`. */
  readonly field: string;
  readonly value: string | number | boolean;
  /** `a token budget of 1,024`. */
  readonly label: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (failure: Failure): Result<never> => ({ ok: false, failure });

/** The one exception class: carries a `Failure` to the nearest boundary, which turns it back into a value. */
export class FacetError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'FacetError';
    this.failure = failure;
  }
}

/** Any thrown thing as a `Failure`; unknown errors keep their message under `internal.unexpected`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FacetError) return error.failure;
  if (error instanceof Error) return { code: 'internal.unexpected', message: error.message };
  return { code: 'internal.unexpected', message: String(error) };
}

export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new FacetError(result.failure);
}

/** Makes a `switch` over a closed union exhaustive at compile time. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
