/** What the page may not do: leave, open windows, ask for devices, reach the network. */
import type { Session, WebContents } from 'electron';
import { appOrigin } from './appScheme.ts';

const ownSchemes = new Set(['facet:', 'data:', 'blob:', 'devtools:']);

/** Nothing leaves the machine: every request but the app's own is cancelled, permissions are denied. */
export function guardSession(session: Session): void {
  // The browser process fetches spelling dictionaries by itself, past the filter below.
  session.setSpellCheckerEnabled(false);
  session.setSpellCheckerDictionaryDownloadURL(`${appOrigin}/no-dictionaries/`);
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !ownSchemes.has(new URL(details.url).protocol) });
  });
  session.setPermissionRequestHandler((_contents, permission, callback) => {
    callback(permission === 'clipboard-sanitized-write');
  });
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  session.setDevicePermissionHandler(() => false);
}

export const isAppUrl = (url: string): boolean => url === appOrigin || url.startsWith(`${appOrigin}/`);

/** Imported text may hold links: none of them leads anywhere. */
export function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
}
