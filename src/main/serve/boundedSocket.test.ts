import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { boundedSocket, isCall, type SocketLimits } from './boundedSocket.ts';

const limits: SocketLimits = { calls: 5, unreadBytes: 256 * 1024, askEveryMs: 60_000 };
const ANSWER = 'x'.repeat(64 * 1024);

const HELD = '{"i":"1","p":{"u":"/held"}}';
const NOW = '{"i":"1","p":{"u":"/now"}}';

const http = createServer();
const sockets = new WebSocketServer({ server: http });
let port = 0;
/** Of the last connection: calls under way, the most of them at once, calls begun. */
let seen = { now: 0, most: 0, begun: 0 };
let release: () => void = () => undefined;
let given = limits;

beforeAll(async () => {
  sockets.on('connection', (socket) => {
    seen = { now: 0, most: 0, begun: 0 };
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const bounded = boundedSocket(socket, given);
    // As the handler of calls does it: the promise ends when the answer is sent.
    bounded.addEventListener('message', (async ({ data }: { data: unknown }) => {
      seen.now += 1;
      seen.begun += 1;
      seen.most = Math.max(seen.most, seen.now);
      if (String(data) === HELD) await held;
      await bounded.send(ANSWER);
      seen.now -= 1;
    }) as never);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  port = (http.address() as { port: number }).port;
});
afterAll(() => {
  for (const socket of sockets.clients) socket.terminate();
  http.closeAllConnections();
  http.close();
});

const open = async (): Promise<WebSocket> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  await new Promise((resolve) => socket.once('open', resolve));
  return socket;
};

describe('calls of one socket', () => {
  test('run a few at a time, and all of them in the end', async () => {
    const socket = await open();
    let answers = 0;
    socket.on('message', () => {
      answers += 1;
    });
    for (let call = 0; call < 200; call += 1) socket.send(HELD);
    await expect.poll(() => seen.now).toBe(5);
    release();
    await expect.poll(() => answers, { timeout: 20_000 }).toBe(200);
    expect(seen.most).toBe(5);
    socket.close();
  });

  test('wait where nobody reads the answers, and go on when somebody does', async () => {
    const socket = await open();
    socket.pause();
    for (let call = 0; call < 2000; call += 1) socket.send(NOW);
    await expect.poll(() => seen.begun, { timeout: 10_000 }).toBeGreaterThan(5);
    let before = -1;
    const standsStill = (): boolean => {
      const still = before === seen.begun;
      before = seen.begun;
      return still;
    };
    await expect.poll(standsStill, { interval: 300 }).toBe(true);
    expect(seen.begun).toBeLessThan(1000);
    const [server] = [...sockets.clients].slice(-1);
    expect(server?.bufferedAmount).toBeLessThan(limits.unreadBytes + 5 * ANSWER.length + 4096);
    let answers = 0;
    socket.on('message', () => {
      answers += 1;
    });
    socket.resume();
    await expect.poll(() => answers, { timeout: 30_000 }).toBe(2000);
    socket.close();
  });
});

test.each([
  ['{"i":"1","p":{"u":"/app/info"}}', true],
  ['{"i":"1","t":4}', true],
  [Buffer.from('{"i":"1","p":{"u":"/a"}}\u00ffbytes', 'latin1'), true],
  ['{"i":"1","p":{"u":"http://["}}', false],
  ['{"i":"1"}', false],
  ['{"t":4}', false],
  ['null', false],
  ['garbage', false],
  [Buffer.from([0, 1, 2]), false],
  ['', false],
])('%s is a call: %s', (data, is) => {
  expect(isCall(data)).toBe(is);
});

test('one that sends no calls ends, and nothing is begun', async () => {
  const socket = await open();
  for (let index = 0; index < 100; index += 1) socket.send('\u001b[31mgarbage');
  const code = await new Promise((resolve) => socket.once('close', resolve));
  expect([code, seen.begun]).toEqual([1007, 0]);
});

test('a line on which nobody answers ends', async () => {
  given = { ...limits, askEveryMs: 100 };
  const raw = connect(port, '127.0.0.1');
  raw.on('error', () => undefined);
  raw.write(
    `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  raw.resume();
  await new Promise((resolve) => raw.once('close', resolve));
  given = limits;
});
