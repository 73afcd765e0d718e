import { FacetError } from '#core/result.ts';
import type { Host } from './Host.ts';

/** Only a window has a runtime of its own to tell of. */
export async function openLicences(host: Host, of: 'electron' | 'chromium'): Promise<void> {
  if (host.openLicences) return host.openLicences(of);
  throw new FacetError({
    code: 'app.no-window',
    message: 'Facet’s window is not open here, so nothing of Electron’s is in use.',
    fix: 'Open Facet’s window and look there.',
  });
}
