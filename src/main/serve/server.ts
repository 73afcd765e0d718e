import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { FacetError, toFailure } from '#core/result.ts';
import type { Router } from '../api/router.ts';
import { Connection } from '../services/Connection.ts';
import { createToken, isLoopbackHost, isSameOrigin, isToken } from './access.ts';
import { readStatic } from './staticFiles.ts';

export interface ServeOptions {
  readonly router: Router;
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
/** The largest upload; a message is held in memory whole. */
const maxMessageBytes = 1024 ** 3;

async function respond(request: IncomingMessage, response: ServerResponse, root: string): Promise<void> {
  if (!isLoopbackHost(request.headers.host)) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('Forbidden\n');
    return;
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

function mayConnect(request: IncomingMessage, token: string): boolean {
  const { host, origin } = request.headers;
  // Cut by hand: `new URL` throws for some targets, "//" among them, and reads a host into others.
  const [path, query] = (request.url ?? '').split('?', 2);
  const tokenFits = isToken(token, new URLSearchParams(query).get('token'));
  return tokenFits && path === '/rpc' && isLoopbackHost(host) && isSameOrigin(origin, host);
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
export async function startServer({ router, rendererDir, port, log }: ServeOptions): Promise<FacetServer> {
  const token = createToken();
  const handler = new RPCHandler(router);
  const report = (error: unknown): void => log(`serve: ${toFailure(error).message}`);
  const server = createServer((request, response) => {
    respond(request, response, rendererDir).catch((error: unknown) => {
      report(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  server.on('upgrade', (request, socket, head) => {
    // Whoever has asked may be gone before the answer: an error nobody listens for would end the process.
    socket.on('error', report);
    try {
      if (!mayConnect(request, token)) return refuse(socket);
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('error', report);
        Promise.resolve(handler.upgrade(webSocket, { context: { connection: new Connection() } })).catch(
          report,
        );
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
