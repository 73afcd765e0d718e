import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '#shared/contract.ts';
import type { Facet } from '../app.ts';
import { createHeadlessFacet } from '../cli/session.ts';
import { type FacetServer, startServer } from './server.ts';

let folder: string;
let facet: Facet;
let server: FacetServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facet-serve-'));
  const rendererDir = join(folder, 'renderer');
  await mkdir(join(rendererDir, 'assets'), { recursive: true });
  await writeFile(join(rendererDir, 'index.html'), '<title>Facet</title>');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  facet = createHeadlessFacet(join(folder, 'user'));
  server = await startServer({ facet, rendererDir, port: 0, log: () => undefined });
});
afterAll(async () => {
  await server.close();
  await facet.dispose();
  await rm(folder, { recursive: true });
});

function get(path: string, host = `127.0.0.1:${server.port}`) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const call = request({ host: '127.0.0.1', port: server.port, path, headers: { host } }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      call.on('error', reject).end();
    },
  );
}

/** `open`, or the status of the refusal. */
function socketOutcome(query: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc${query}`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
    socket.on('error', () => undefined);
  });
}

describe('files', () => {
  test('the page comes with a policy that lets nothing in from elsewhere', async () => {
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(body).toContain('Facet');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%00',
  ])('a path that leads out is refused: %s', async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(403);
    expect(body).not.toContain('secret');
  });

  test('an absent file is not found', async () => {
    expect((await get('/assets/none.js')).status).toBe(404);
  });

  test('another name for this machine is refused, any port of its own names is not', async () => {
    expect((await get('/', 'evil.example')).status).toBe(403);
    expect((await get('/', '127.0.0.1.evil.example:80')).status).toBe(403);
    expect((await get('/', 'localhost:9999')).status).toBe(200);
  });

  test('it listens on the loopback address alone', async () => {
    const outside = Object.values((await import('node:os')).networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    if (!outside) return;
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect(server.port, outside.address);
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    expect(reached).toBe(false);
  });
});

const origin = () => ({ origin: `http://127.0.0.1:${server.port}` });

async function openClient() {
  const websocket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc?token=${server.token}`, {
    headers: origin(),
  });
  await new Promise((resolve) => websocket.once('open', resolve));
  const link = new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket });
  const client: ContractRouterClient<Contract> = createORPCClient(link);
  return { client, websocket };
}

describe('the socket', () => {
  test('opens for the page that holds the token', async () => {
    expect(await socketOutcome(`?token=${server.token}`, origin())).toBe('open');
  });

  test.each([
    ['no token', '', {}],
    ['a wrong token', '?token=wrong', {}],
    ['another origin', 'right', { origin: 'https://evil.example' }],
    ['another host', 'right', { origin: 'http://evil.example', host: 'evil.example' }],
  ])('is refused with %s', async (_case, query, headers) => {
    const sent = query === 'right' ? `?token=${server.token}` : query;
    expect(await socketOutcome(sent, { ...origin(), ...headers })).toBe('403');
  });

  test('opens for a personal link of the open project, a few at a time, until it ends', async () => {
    const { project, people } = facet.services;
    await project.create({ path: join(folder, 'links.facet'), name: 'links' });
    const { member, token } = await people.add({ name: 'Ada', role: 'annotator' });
    const path = `ws://127.0.0.1:${server.port}/rpc?token=${token}`;
    const sockets: WebSocket[] = [];
    for (let place = 0; place < 8; place += 1) {
      const socket = new WebSocket(path, { headers: origin() });
      await new Promise((resolve) => socket.once('open', resolve));
      sockets.push(socket);
    }
    expect(await socketOutcome(`?token=${token}`, origin())).toBe('503');
    const [first] = sockets;
    const link = new RPCLink({ websocket: first as unknown as globalThis.WebSocket });
    const client: ContractRouterClient<Contract> = createORPCClient(link);
    expect(await client.people.me()).toMatchObject({ role: 'annotator', bound: { name: 'Ada' } });
    await expect(client.library.sources()).rejects.toMatchObject({ data: { code: 'people.not-allowed' } });
    // Neither does it send files.
    const put = await fetch(`http://127.0.0.1:${server.port}/upload?name=a`, {
      method: 'PUT',
      headers: { ...origin(), authorization: `Bearer ${token}` },
      body: 'x',
    });
    expect(put.status).toBe(403);
    await people.revokeLink(member.annotatorId);
    await expect(client.people.me()).rejects.toMatchObject({ data: { code: 'people.revoked' } });
    expect(await socketOutcome(`?token=${token}`, origin())).toBe('403');
    for (const socket of sockets) socket.close();
    await project.close();
  });

  test('is refused without an origin', async () => {
    expect(await socketOutcome(`?token=${server.token}`, {})).toBe('403');
  });

  test('speaks the contract, and names no place of this machine', async () => {
    const { client, websocket } = await openClient();
    expect((await client.app.info()).host).toBe('browser');
    const file = join(folder, 'pairs.jsonl');
    await writeFile(file, '{"prompt": "a", "chosen": "b", "rejected": "c"}\n');
    const own = await client.project.create({ path: join(folder, '../evil.facet'), name: '../My pairs' });
    expect(own.path).toBe(join(folder, 'user', 'projects', 'My-pairs.facet'));
    const link = join(folder, 'user', 'uploads', 'link');
    await mkdir(join(folder, 'user', 'uploads'), { recursive: true });
    await symlink(file, link);
    const refused: (() => Promise<unknown>)[] = [
      () => client.project.open({ path: join(folder, 'none.facet') }),
      () => client.project.open({ path: file }),
      () => client.project.backups({ path: '/etc/passwd' }),
      () => client.project.restore({ path: file, backup: 'x' }),
      () => client.library.inputs({ paths: [folder] }),
      () => client.library.preview({ file }),
      () => client.library.preview({ file: link }),
      () => client.library.preview({ file: join(folder, 'user', 'uploads', '..', '..', 'pairs.jsonl') }),
      async () => (await client.library.import({ file }))[Symbol.asyncIterator]().next(),
      () => client.jobs.take({ path: folder }),
      () => client.models.add({ path: folder }),
      () => client.hub.updateSettings({ endpoint: 'https://evil.example' }),
      () => client.hub.updateSettings({ proxy: 'http://evil.example:1' }),
      () => client.hub.updateSettings({ folder }),
      () => client.hub.updateSettings({ token: 'x' }),
    ];
    for (const call of refused)
      await expect(call()).rejects.toMatchObject({ data: { code: 'network.no-path' } });
    expect(await client.project.open({ path: own.path })).toMatchObject({ name: '../My pairs' });
    websocket.close();
  });

  test('reads what the page sends, whatever its name, and nothing else', async () => {
    const rows = '{"prompt": "a", "chosen": "b", "rejected": "c"}\n';
    const put = (query: string, headers: Record<string, string>, body = rows) =>
      fetch(`http://127.0.0.1:${server.port}/upload${query}`, { method: 'PUT', headers, body });
    const own = { ...origin(), authorization: `Bearer ${server.token}` };
    for (const [query, headers] of [
      ['?name=a', { ...origin() }],
      ['?name=a', { ...own, authorization: 'Bearer wrong' }],
      ['?name=a', { ...own, origin: 'https://evil.example' }],
      ['/../x?name=a', own],
    ] as const)
      expect((await put(query, headers)).status).toBe(403);
    const { path } = (await (await put('?name=../../up%20load.jsonl', own)).json()) as { path: string };
    expect(path.startsWith(join(folder, 'user', 'uploads'))).toBe(true);
    expect(basename(path)).toBe('up load.jsonl');
    expect(await readFile(path, 'utf8')).toBe(rows);
    const { client, websocket } = await openClient();
    await client.project.create({ path: '', name: 'uploads' });
    expect(await client.library.preview({ file: path })).toMatchObject({ rows: 1 });
    websocket.close();
    // A page that goes away in the middle leaves nothing.
    const before = await readdir(join(folder, 'user', 'uploads'));
    const half = `PUT /upload?name=half HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nOrigin: ${own.origin}\r\nAuthorization: ${own.authorization}\r\nContent-Length: 1000\r\n\r\nhalf`;
    await sendRaw(half, 'reset');
    await expect.poll(() => readdir(join(folder, 'user', 'uploads'))).toEqual(before);
  });

  test('takes no more of them than it has room for', async () => {
    const sockets = Array.from(
      { length: 70 },
      () => new WebSocket(`ws://127.0.0.1:${server.port}/rpc?token=${server.token}`, { headers: origin() }),
    );
    const outcomes = await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<string>((resolve) => {
            socket.on('open', () => resolve('open'));
            socket.on('unexpected-response', (_, { statusCode }) => resolve(String(statusCode)));
            socket.on('error', () => undefined);
          }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'open').length).toBe(64);
    expect(new Set(outcomes)).toEqual(new Set(['open', '503']));
    for (const socket of sockets) socket.terminate();
    await expect.poll(() => socketOutcome(`?token=${server.token}`, origin())).toBe('open');
  });
});

/** Sends bytes as they are, reads what comes back, and leaves the way `leave` says. */
function sendRaw(bytes: string | Uint8Array, leave: 'end' | 'reset'): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(bytes, () => (leave === 'end' ? socket.end() : socket.resetAndDestroy()));
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    socket.setTimeout(2000, () => socket.destroy());
  });
}

describe('no request ends or blocks the server', () => {
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  const raw = (method: string, target: string, headers: string) =>
    `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${headers}\r\n`;

  test.each([
    '//',
    '/\\',
    'http://',
    'http://[',
    '*',
    '/rpc?token=%',
    '//[::',
    '/%',
    'x:y@z',
    '///rpc?token=',
  ])('an upgrade to %s is refused', async (target) => {
    expect(await sendRaw(raw('GET', target, upgrade + key), 'end')).toMatch(/^HTTP\/1\.1 40[03] /);
    expect((await get('/')).status).toBe(200);
  });

  test('whatever bytes are sent, with or without the token', async () => {
    const target = fc.oneof(
      fc.constantFrom('/', '//', '/rpc', '*', 'http://', 'http://[', `/rpc?token=${server.token}`, '/%ff'),
      fc.webPath(),
      fc.string({ unit: 'binary-ascii', maxLength: 40 }),
    );
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'CONNECT', 'OPTIONS', 'TRACE', 'PRI', 'get', '');
    const header = fc.oneof(
      fc.constantFrom(
        upgrade,
        upgrade + key,
        `${upgrade}${key}Origin: http://127.0.0.1:${server.port}\r\n`,
        'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n',
        'Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 99\r\n',
        'Expect: 100-continue\r\n',
        'Expect: nonsense\r\n',
        'Content-Length: 10\r\n',
        'Content-Length: -1\r\n',
        'Transfer-Encoding: chunked\r\n',
        'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n',
        'Host: 127.0.0.1\r\n',
        'Host:\r\n',
        'Origin: null\r\n',
        `X: ${'y'.repeat(20_000)}\r\n`,
      ),
      fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => `${text}\r\n`),
    );
    const request = fc
      .tuple(method, target, fc.array(header, { maxLength: 4 }))
      .map(([name, path, headers]) => new TextEncoder().encode(raw(name, path, headers.join(''))));
    const bytes = fc.oneof(
      { weight: 6, arbitrary: request },
      // Half a request, and one with frames or a body of any kind behind it.
      { weight: 2, arbitrary: fc.tuple(request, fc.nat(200)).map(([sent, end]) => sent.subarray(0, end)) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(request, fc.uint8Array({ maxLength: 200 }))
          .map(([head, tail]) => new Uint8Array([...head, ...tail])),
      },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom('end' as const, 'reset' as const), async (sent, leave) => {
        await sendRaw(sent, leave);
        expect((await get('/')).status).toBe(200);
      }),
      { numRuns: 300 },
    );
  });
});

test('a port in use is said to be', async () => {
  const second = startServer({
    facet,
    rendererDir: folder,
    port: server.port,
    log: () => undefined,
  });
  await expect(second).rejects.toMatchObject({ failure: { code: 'serve.no-port' } });
});
