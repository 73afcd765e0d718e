/** The renderer's built files for the window's own scheme and for the loopback server alike. */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export interface StaticFile {
  readonly status: 200 | 403 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Nothing from elsewhere is loaded, and the page talks to its own origin alone. */
const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    // The component library writes its theme's variables into style elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
};

const text = (status: 403 | 404, message: string): StaticFile => ({
  status,
  headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' },
  body: new TextEncoder().encode(message),
});

/** Path inside `root` that a URL's path names, or null where it would lead out of it. */
function resolveInside(root: string, urlPath: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  if (decoded.split('/').includes('..')) return null;
  const path = normalize(join(root, decoded === '/' ? 'index.html' : decoded));
  return path.startsWith(normalize(root) + sep) ? path : null;
}

/** Reads one file of the renderer; a path outside is refused, an absent one says how to build it. */
export async function readStatic(root: string, urlPath: string): Promise<StaticFile> {
  const path = resolveInside(root, urlPath);
  if (path === null) return text(403, 'Forbidden\n');
  try {
    const body = new Uint8Array(await readFile(path));
    const type = types[extname(path)] ?? 'application/octet-stream';
    return { status: 200, headers: { ...securityHeaders, 'content-type': type }, body };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'EISDIR') return text(404, 'Not found\n');
    throw error;
  }
}
