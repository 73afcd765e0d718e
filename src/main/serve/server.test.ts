import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
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
  server = await startServer({ router: facet.router, rendererDir, port: 0, log: () => undefined });
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

describe('the socket', () => {
  const origin = () => ({ origin: `http://127.0.0.1:${server.port}` });

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

  test('is refused without an origin', async () => {
    expect(await socketOutcome(`?token=${server.token}`, {})).toBe('403');
  });

  test('speaks the contract, files included', async () => {
    const websocket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc?token=${server.token}`, {
      headers: origin(),
    });
    await new Promise((resolve) => websocket.once('open', resolve));
    const link = new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket });
    const client: ContractRouterClient<Contract> = createORPCClient(link);
    expect((await client.app.info()).host).toBe('browser');
    const rows = '{"prompt": "a", "chosen": "b", "rejected": "c"}\n';
    const { path } = await client.app.upload({ file: new File([rows], 'up load.jsonl') });
    expect(await readFile(path, 'utf8')).toBe(rows);
    await expect(client.project.open({ path: join(folder, 'none.facet') })).rejects.toMatchObject({
      code: 'FAILURE',
    });
    websocket.close();
  });
});

test('a port in use is said to be', async () => {
  const second = startServer({
    router: facet.router,
    rendererDir: folder,
    port: server.port,
    log: () => undefined,
  });
  await expect(second).rejects.toMatchObject({ failure: { code: 'serve.no-port' } });
});
