/** Who may talk to the loopback server: this machine's own page, holding the token. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const createToken = (): string => randomBytes(32).toString('base64url');

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();

/** Takes the same time whatever the given token is. */
export const isToken = (expected: string, given: string | null): boolean =>
  timingSafeEqual(digest(expected), digest(given ?? ''));

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * A loopback name with any port (a forwarded port differs from ours). Refusing every other name stops a web site
 * that points its own name at this machine.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  if (!host) return false;
  const match = /^(\[[0-9a-f:]+\]|[^:]+)(?::\d{1,5})?$/i.exec(host);
  return loopbackNames.has(match?.[1]?.toLowerCase() ?? '');
}

/** The page that connects must be the one that this server gave out. */
export const isSameOrigin = (origin: string | undefined, host: string | undefined): boolean =>
  origin !== undefined && host !== undefined && origin.toLowerCase() === `http://${host.toLowerCase()}`;
