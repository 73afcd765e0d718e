import { FacetError } from '#core/result.ts';

/** Of a Ray cluster's dashboard, which answers for jobs; without a slash at its end. Throws `ray.bad-address`. */
export function checkedRayAddress(given: string): string {
  const trimmed = given.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain && (url.protocol === 'http:' || url.protocol === 'https:')) return url.href.replace(/\/+$/, '');
  throw new FacetError({
    code: 'ray.bad-address',
    message: `${JSON.stringify(given)} is not the address of a Ray cluster.`,
    fix: 'Give the address of its dashboard, like http://localhost:8265.',
    where: { field: 'address' },
  });
}

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/** Throws `ray.plain-http` rather than let a token go unencrypted over a network. */
export function requirePrivate(address: string): void {
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:' || isLoopback(hostname)) return;
  throw new FacetError({
    code: 'ray.plain-http',
    message: `The token would be sent unencrypted to ${address}.`,
    fix: 'Use an https address, or a tunnel (ssh -L 8265:localhost:8265 HEAD) and http://localhost:8265.',
    where: { field: 'address' },
  });
}
