/** The renderer's files under an origin of their own, so that headers and the same-origin rule hold as on the web. */
import { protocol, type Session } from 'electron';
import { readStatic } from '../serve/staticFiles.ts';

const scheme = 'facet';
export const appOrigin = `${scheme}://app`;

/** Before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

export function serveAppScheme(session: Session, rendererDir: string): void {
  session.protocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'app') return new Response('Forbidden\n', { status: 403 });
    const file = await readStatic(rendererDir, url.pathname);
    return new Response(file.body, { status: file.status, headers: { ...file.headers } });
  });
}
