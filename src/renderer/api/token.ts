const KEY = 'facet-token';

/**
 * The session's token: taken from `#token=…` once, then kept for this tab alone, so that it stays neither in
 * the address bar nor in the history.
 */
export function readToken(): string {
  const match = /[#&]token=([^&]+)/.exec(window.location.hash);
  if (match?.[1] !== undefined) {
    window.sessionStorage.setItem(KEY, decodeURIComponent(match[1]));
    window.history.replaceState(null, '', `${window.location.pathname}${window.location.search}`);
  }
  return window.sessionStorage.getItem(KEY) ?? '';
}
