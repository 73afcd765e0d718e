/** What a hub's answers mean for a person. */
import { FacetError, type Failure, toFailure } from '#core/result.ts';

export interface Place {
  readonly endpoint: string;
  readonly repo: string;
  readonly revision: string;
  readonly hasToken: boolean;
}

/** Worth trying again: a connection that broke, or a server that asks for patience. */
export class TransientError extends Error {
  readonly retryAfterMs: number | null;
  constructor(message: string, retryAfterMs: number | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransientError';
    this.retryAfterMs = retryAfterMs;
  }
}

const LONGEST_WAIT_MS = 300_000;

function retryAfterMs(headers: Headers | null): number | null {
  const value = headers?.get('retry-after') ?? null;
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? 1000 * Number(value) : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : null;
}

function refused(status: number, errorCode: string | null, place: Place): Failure {
  const { endpoint, repo, revision, hasToken } = place;
  const page = `${endpoint}/${repo}`;
  if (status === 404) {
    return errorCode === 'RevisionNotFound'
      ? {
          code: 'hub.no-revision',
          message: `${repo} has no revision ${revision}.`,
          fix: `Choose a branch, tag or commit that ${page} lists.`,
        }
      : {
          code: 'hub.not-found',
          message: `${endpoint} has no model ${repo}${errorCode === 'EntryNotFound' ? ' with the requested file' : ''}.`,
          fix: 'Check the name, as in owner/model.',
        };
  }
  const gated = errorCode === 'GatedRepo' || status === 403;
  if (hasToken) {
    return {
      code: 'hub.forbidden',
      message: `The token gives no access to ${repo}.`,
      fix: gated
        ? `Accept the model's terms at ${page} with the token's account, and let the token read gated models.`
        : `Check that ${page} exists and that the token is valid and can read it.`,
    };
  }
  return {
    code: 'hub.token-needed',
    message: gated
      ? `${repo} is open only to those who have accepted its terms.`
      : `${endpoint} doesn't show ${repo} without a token: it is private or doesn't exist.`,
    fix: `${gated ? `Accept the terms at ${page}, then` : 'Check the name, and'} give an access token in the settings, or in the environment variable HF_TOKEN where there is no window.`,
  };
}

/** Throws for an answer that isn't one: `TransientError`, or a `FacetError` that trying again can't help. */
export function throwForStatus(status: number, headers: Headers | null, place: Place): never {
  if (status === 429 || status === 408 || status >= 500) {
    throw new TransientError(`${place.endpoint} answered ${status}`, retryAfterMs(headers));
  }
  if (status === 401 || status === 403 || status === 404) {
    throw new FacetError(refused(status, headers?.get('x-error-code') ?? null, place));
  }
  throw new FacetError({
    code: 'hub.bad-answer',
    message: `${place.endpoint} answered ${status} for ${place.repo}.`,
    fix: 'Check the endpoint and the proxy.',
  });
}

/** An error of the client library, or of a connection, as one of the two kinds. */
export function sorted(error: unknown, place: Place): unknown {
  if (error instanceof FacetError || error instanceof TransientError) return error;
  // The client library's own error.
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    try {
      throwForStatus(error.statusCode, null, place);
    } catch (known) {
      return known;
    }
  }
  if (error instanceof SyntaxError) {
    return new FacetError({
      code: 'hub.bad-answer',
      message: `${place.endpoint} doesn't answer like a hub: ${error.message}.`,
      fix: 'Check the endpoint and the proxy.',
    });
  }
  if (error instanceof Error && error.name === 'AbortError') return error;
  return new TransientError(toFailure(error).message, null, { cause: error });
}

/** What a person reads after the last attempt. */
export function finalFailure(error: unknown, place: Place): Failure {
  if (!(error instanceof TransientError)) return toFailure(error);
  const cause =
    error.cause instanceof Error && error.cause.cause instanceof Error ? error.cause.cause.message : null;
  return {
    code: 'hub.unreachable',
    message: `${place.endpoint} can't be reached: ${error.message}${cause ? ` (${cause})` : ''}.`,
    fix: 'Check the connection, the endpoint and the proxy, then resume: what was downloaded is kept.',
  };
}
