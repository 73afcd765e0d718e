import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { FacetError, toFailure } from '#core/result.ts';
import type { Facet } from '../app.ts';
import { Connection, type Pass } from '../services/Connection.ts';
import { createToken, isLoopbackHost, isSameOrigin, isToken } from './access.ts';
import { boundedSocket } from './boundedSocket.ts';
import { type ChatServices, chatServer } from './chatCompletions.ts';
import { uploadReceiver } from './receiveUpload.ts';
import { readStatic } from './staticFiles.ts';

export interface ServeOptions {
  readonly facet: Pick<Facet, 'router' | 'storeUpload' | 'userDataDir'> & {
    readonly services: Pick<Facet['services'], 'people'> & ChatServices;
  };
  readonly rendererDir: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly log: (line: string) => void;
}

export interface FacetServer {
  readonly port: number;
  readonly token: string;
  /** Address to open, the token in its fragment, which a browser sends to nobody. */
  readonly url: string;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';
/** A message is held in memory whole; files come by upload. */
const MOST_MESSAGE_BYTES = 16 * 1024 ** 2;
const MOST_SOCKETS = 64;
/** Of one personal link: nobody takes the places of the others. */
const MOST_SOCKETS_EACH = 8;
const MOST_CONNECTIONS = 256;
const HEADERS_MS = 10_000;
/** A connection on which nothing moves; sockets of the contract are asked whether they are there. */
const SILENCE_MS = 30_000;
const LONGEST_UPLOAD_MS = 4 * 60 * 60 * 1000;

type Receive = ReturnType<typeof uploadReceiver>;
type Chat = ReturnType<typeof chatServer>;

interface Site {
  readonly root: string;
  readonly token: string;
  readonly receive: Receive;
  readonly chat: Chat;
}

function forbid(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end('Forbidden\n');
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { root, token, receive, chat }: Site,
): Promise<void> {
  const { host, origin, authorization } = request.headers;
  if (!isLoopbackHost(host)) return forbid(response);
  const [asked = ''] = (request.url ?? '').split(/[?#]/, 1);
  if (asked.startsWith('/v1/')) {
    // Programs send no origin; a web site that learnt the token would.
    if (origin !== undefined && !isSameOrigin(origin, host)) return forbid(response);
    const given = authorization?.replace(/^Bearer /, '') ?? null;
    return chat(request, response, asked, isToken(token, given));
  }
  if (request.method === 'PUT') {
    const [path, query] = (request.url ?? '').split('?', 2);
    const holds = isToken(token, authorization?.replace(/^Bearer /, '') ?? null);
    if (!holds || path !== '/upload' || !isSameOrigin(origin, host)) return forbid(response);
    const asked = new URLSearchParams(query);
    return receive(request, response, asked.get('name') ?? '', asked.get('beside'));
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  // Not parsed as a URL: that would quietly resolve the `..` that has to be refused.
  const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
  const file = await readStatic(root, path);
  response.writeHead(file.status, { ...file.headers, 'content-length': file.body.byteLength });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

function refuse(socket: Duplex, status = '403 Forbidden'): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Whether a page may connect, and as whom: `pass` is null for the owner's own token. */
function admission(
  request: IncomingMessage,
  token: string,
  admit: (token: string) => Pass | null,
): { readonly pass: Pass | null } | null {
  const { host, origin } = request.headers;
  // Cut by hand: `new URL` throws for some targets, "//" among them, and reads a host into others.
  const [path, query] = (request.url ?? '').split('?', 2);
  if (path !== '/rpc' || !isLoopbackHost(host) || !isSameOrigin(origin, host)) return null;
  const given = new URLSearchParams(query).get('token') ?? '';
  if (isToken(token, given)) return { pass: null };
  const pass = given === '' ? null : admit(given);
  return pass && { pass };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const message = error.code === 'EADDRINUSE' ? `port ${port} is in use` : error.message;
      reject(
        new FacetError(
          { code: 'serve.no-port', message, fix: 'Leave --port out to pick a free one.' },
          { cause: error },
        ),
      );
    });
    server.listen(port, loopback, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Serves the workbench on the loopback address to a browser that holds the token. */
export async function startServer({ facet, rendererDir, port, log }: ServeOptions): Promise<FacetServer> {
  const token = createToken();
  const handler = new RPCHandler(facet.router);
  const receive = uploadReceiver(facet.storeUpload, facet.userDataDir);
  const site = { root: rendererDir, token, receive, chat: chatServer(facet.services) };
  const report = (error: unknown): void => log(`serve: ${toFailure(error).message}`);
  const times = {
    headersTimeout: HEADERS_MS,
    requestTimeout: LONGEST_UPLOAD_MS,
    connectionsCheckingInterval: HEADERS_MS / 2,
  };
  const server = createServer(times, (request, response) => {
    respond(request, response, site).catch((error: unknown) => {
      report(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(SILENCE_MS);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES });
  /** Open sockets by personal link. */
  const open = new Map<string, number>();
  server.on('upgrade', (request, socket, head) => {
    // Whoever has asked may be gone before the answer: an error nobody listens for would end the process.
    socket.on('error', report);
    try {
      const admitted = admission(request, token, facet.services.people.admit);
      if (admitted === null) return refuse(socket);
      if (sockets.clients.size >= MOST_SOCKETS) return refuse(socket, '503 Service Unavailable');
      const link = admitted.pass?.tokenHash.toString('hex') ?? null;
      if (link !== null && (open.get(link) ?? 0) >= MOST_SOCKETS_EACH)
        return refuse(socket, '503 Service Unavailable');
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('error', report);
        if (link !== null) {
          open.set(link, (open.get(link) ?? 0) + 1);
          webSocket.once('close', () => open.set(link, (open.get(link) ?? 1) - 1));
        }
        const context = { connection: new Connection({ isRemote: true, pass: admitted.pass }) };
        Promise.resolve(handler.upgrade(boundedSocket(webSocket), { context })).catch(report);
      });
    } catch (error) {
      report(error);
      refuse(socket, '400 Bad Request');
    }
  });
  const boundPort = await listen(server, port);
  return {
    port: boundPort,
    token,
    url: `http://${loopback}:${boundPort}/#token=${token}`,
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
