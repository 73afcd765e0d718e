/** The one way out to a hub: through the proxy that is set or the environment's, the token for the hub alone. */
import { FacetError } from '#core/result.ts';

export interface HubAccess {
  readonly endpoint: string;
  readonly proxy: string | null;
  readonly token: string | null;
}
export type HubFetch = typeof fetch;

/** A server that says nothing for this long counts as gone. */
const SILENCE_MS = 30_000;

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/** The address without a slash at its end. Throws `hub.bad-endpoint`. */
export function checkedEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.search) {
    return url.href.replace(/\/+$/, '');
  }
  throw new FacetError({
    code: 'hub.bad-endpoint',
    message: `${JSON.stringify(endpoint)} is not the address of a hub.`,
    fix: 'Give an address like https://huggingface.co.',
    where: { field: 'endpoint' },
  });
}

/** Throws `hub.bad-proxy`. */
export function checkedProxy(proxy: string): string {
  const url = URL.canParse(proxy) ? new URL(proxy) : null;
  if (url && /^(https?|socks5):$/.test(url.protocol)) return proxy;
  throw new FacetError({
    code: 'hub.bad-proxy',
    message: `${JSON.stringify(proxy)} is not the address of a proxy.`,
    fix: 'Give an address like http://proxy.example:8080.',
    where: { field: 'proxy' },
  });
}

/**
 * A `fetch` that adds the token to requests to the hub itself; where the hub redirects to another host, fetch drops it.
 * `close` ends its connections. Throws `hub.plain-http` rather than send a token unencrypted.
 */
export async function openHubFetch(access: HubAccess): Promise<{ fetch: HubFetch; close(): Promise<void> }> {
  const { origin, protocol, hostname } = new URL(access.endpoint);
  if (access.token !== null && protocol === 'http:' && !isLoopback(hostname)) {
    throw new FacetError({
      code: 'hub.plain-http',
      message: `The token would be sent unencrypted to ${access.endpoint}.`,
      fix: 'Use an https address, or forget the token.',
    });
  }
  // Loaded at the first download: no start of the application waits for it.
  const { Agent, EnvHttpProxyAgent, fetch: undiciFetch, ProxyAgent } = await import('undici');
  const timeouts = { headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS, connectTimeout: SILENCE_MS };
  const dispatcher =
    access.proxy === null
      ? usesEnvironmentProxy()
        ? new EnvHttpProxyAgent(timeouts)
        : new Agent(timeouts)
      : new ProxyAgent({ uri: access.proxy, ...timeouts });
  const go = async (input: string | URL | Request, init: RequestInit = {}): Promise<unknown> => {
    const url = input instanceof Request ? input.url : String(input);
    const headers = new Headers(init.headers);
    headers.set('user-agent', 'facet');
    if (access.token !== null && new URL(url).origin === origin) {
      headers.set('authorization', `Bearer ${access.token}`);
    }
    return undiciFetch(url, { ...init, headers: [...headers], dispatcher } as Parameters<
      typeof undiciFetch
    >[1]);
  };
  return { fetch: go as HubFetch, close: () => dispatcher.destroy() };
}

const usesEnvironmentProxy = (): boolean =>
  ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => process.env[name]);
