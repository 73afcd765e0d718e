/** Requests and messages that no browser sends: each is refused or ended, and the next page is answered as before. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openFacet } from '../testFacet.ts';
import { startServer } from './server.ts';

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';

/** Head lines without `Host`, `Origin` and the end, and whether they ask for a socket. */
const REQUESTS: readonly [string, string, boolean][] = [
  ['the preface of HTTP/2', 'PRI * HTTP/2.0', false],
  ['a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1', false],
  ['a tunnel to no host that asks for a socket', 'CONNECT [:: HTTP/1.1', true],
  ['an address that is none', 'GET http://[::1/rpc HTTP/1.1', true],
  ['options of all', 'OPTIONS * HTTP/1.1', true],
  ['two slashes and a name', 'GET //rpc HTTP/1.1', true],
  ['no path', 'GET ?token=x HTTP/1.1', true],
  ['bytes that are no UTF-8', 'GET /%c0%ae%c0%ae/%00 HTTP/1.1', false],
  ['a token of such bytes', 'GET /rpc?token=%ff%fe HTTP/1.1', true],
  ['a token as a list', 'GET /rpc?token[]=x HTTP/1.1', true],
  ['a name that objects inherit', 'GET /constructor/prototype HTTP/1.1', false],
  ['another protocol', 'GET / HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c', false],
  [
    'two lengths',
    'POST /v1/models HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0',
    false,
  ],
  ['a length beyond numbers', `POST /v1/models HTTP/1.1\r\nContent-Length: ${'9'.repeat(20)}`, false],
  ['a protocol of nothing', 'GET /rpc HTTP/1.1\r\nSec-WebSocket-Protocol: ,,,', true],
];

async function served() {
  const { facet, folder } = await openFacet();
  const server = await startServer({ facet, rendererDir: folder, port: 0, log: () => undefined });
  const origin = `http://127.0.0.1:${server.port}`;
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc?token=${server.token}`, {
      headers: { origin },
    });
    socket.on('error', () => undefined);
    await once(socket, 'open');
    return socket;
  };
  const isAnswering = async (): Promise<boolean> => {
    const socket = await open();
    socket.send(JSON.stringify({ i: '1', p: { u: '/app/info', b: {} } }));
    const [data] = await once(socket, 'message');
    socket.terminate();
    return String(data).includes('version');
  };
  return { server, origin, open, isAnswering };
}

it('no head of a request ends it or opens anything', async () => {
  const { server, origin, isAnswering } = await served();
  for (const [what, head, asks] of REQUESTS) {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.end(
      `${head}\r\nHost: 127.0.0.1:${server.port}\r\nOrigin: ${origin}\r\n${asks ? UPGRADE : ''}\r\n`,
    );
    await once(socket, 'close');
    expect(answer, what).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
  }
  expect(await isAnswering()).toBe(true);
  await server.close();
});

it('pieces of a message without an end, and questions without number, end their own line at most', async () => {
  const { server, open, isAnswering } = await served();
  const pieces = await open();
  const ended = once(pieces, 'close');
  for (let count = 0; count < 40_000; count += 1) pieces.send('', { fin: false });
  const [code] = await ended;
  expect(code).toBe(1008);
  const pings = await open();
  for (let count = 0; count < 5000; count += 1) pings.ping(Buffer.alloc(120));
  expect(await isAnswering()).toBe(true);
  pings.terminate();
  await server.close();
});

it('calls named as what objects inherit are refused', async () => {
  const { server, open, isAnswering } = await served();
  const socket = await open();
  for (const path of ['/__proto__/toString', '/app/constructor', '/app/__proto__', '/constructor']) {
    socket.send(JSON.stringify({ i: path, p: { u: path, b: {} } }));
    const [data] = await once(socket, 'message');
    expect(String(data)).toContain('404');
  }
  socket.terminate();
  expect(await isAnswering()).toBe(true);
  await server.close();
});
