/** For tests: a local stand-in for a Hugging Face hub, with a file store on another port, that can misbehave. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What the next requests of a file meet, one each. */
export type Fault =
  /** Half of what was asked for, then the connection breaks. */
  | 'drop'
  /** States more bytes than come. */
  | 'short'
  /** More bytes come than the file has. */
  | 'long'
  | 'wrong-bytes'
  /** Sends all from the start, whatever was asked for. */
  | 'no-range'
  | 'other-range'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export interface SeenRequest {
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
}

const COMMIT = 'c0ffee0000000000000000000000000000000001';
/** Larger files lie in the file store, as LFS objects do. */
const LARGE_BYTES = 4096;

export class TestHub {
  readonly commit = COMMIT;
  readonly repo: string;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly faults = new Map<string, Fault[]>();
  readonly seen: SeenRequest[] = [];
  /** Where set, requests without this token are refused as a gated model's are. */
  token: string | null = null;
  /** A file that waits after its first half until `release` or `breakOff`. */
  holds: string | null = null;
  #held: { readonly response: ServerResponse; readonly rest: Buffer }[] = [];
  #servers: Server[] = [];
  #ports = [0, 0];

  constructor(repo: string, files: Readonly<Record<string, Buffer>>) {
    this.repo = repo;
    this.files = new Map(Object.entries(files));
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#ports[0]}`;
  }

  /** Listens, on the same ports as before where it was stopped. */
  async start(): Promise<this> {
    const handlers = [this.#answer.bind(this), this.#store.bind(this)];
    this.#servers = handlers.map((handler) => createServer(handler));
    for (const [index, server] of this.#servers.entries()) {
      await new Promise<void>((resolve) => server.listen(this.#ports[index], '127.0.0.1', resolve));
      this.#ports[index] = (server.address() as AddressInfo).port;
    }
    onTestFinished(() => this.stop());
    return this;
  }

  /** As when the machine is switched off. */
  async stop(): Promise<void> {
    this.release();
    const closed = this.#servers.map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    this.#servers = [];
    await Promise.all(closed);
  }

  release(): void {
    this.holds = null;
    for (const { response, rest } of this.#held.splice(0)) response.end(rest);
  }

  /** Ends the connections of what is held, and holds nothing more. */
  breakOff(): void {
    this.holds = null;
    for (const { response } of this.#held.splice(0)) response.destroy();
  }

  requestsOf(path: string): SeenRequest[] {
    return this.seen.filter((request) => request.path === path);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.endpoint);
    const authorization = request.headers.authorization ?? null;
    const json = (value: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
    if (url.pathname === `/api/models/${this.repo}/revision/main`) {
      this.seen.push({ path: 'info', range: null, authorization });
      const fault = this.faults.get('info')?.shift();
      if (typeof fault === 'object') response.writeHead(fault.status, fault.headers).end('{}');
      else json({ _id: '1', id: this.repo, sha: COMMIT, lastModified: '2026-01-01', gated: false });
      return;
    }
    if (url.pathname === `/api/models/${this.repo}/tree/${COMMIT}`) {
      const all = [...this.files].map(([path, bytes]) => describe(path, bytes));
      const second = url.searchParams.has('cursor');
      const next = `<${this.endpoint}${url.pathname}?cursor=x>; rel="next"`;
      json(second ? all.slice(2) : all.slice(0, 2), second ? {} : { link: next });
      return;
    }
    if (url.pathname.startsWith('/api/')) {
      response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end('{}');
      return;
    }
    const path = decodeURIComponent(url.pathname.split(`/${this.repo}/resolve/${COMMIT}/`)[1] ?? '');
    const bytes = this.files.get(path);
    if (!bytes) {
      response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end();
    } else if (this.token !== null && authorization !== `Bearer ${this.token}`) {
      response.writeHead(401, { 'x-error-code': 'GatedRepo' }).end();
    } else if (bytes.length >= LARGE_BYTES) {
      response
        .writeHead(302, { location: `http://127.0.0.1:${this.#ports[1]}/store/${path}?signed=1` })
        .end();
    } else this.#send(path, bytes, request, response);
  }

  #store(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', this.endpoint).pathname.slice('/store/'.length);
    this.#send(path, this.files.get(path) ?? Buffer.alloc(0), request, response);
  }

  #send(path: string, bytes: Buffer, request: IncomingMessage, response: ServerResponse): void {
    const range = request.headers.range ?? null;
    this.seen.push({ path, range, authorization: request.headers.authorization ?? null });
    const fault = this.faults.get(path)?.shift();
    if (typeof fault === 'object') {
      response.writeHead(fault.status, fault.headers).end();
      return;
    }
    const from = fault === 'no-range' ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const rest = bytes.subarray(from);
    const half = rest.subarray(0, Math.ceil(rest.length / 2));
    const told = fault === 'other-range' ? from - 1 : from;
    const headers: Record<string, string> = { 'content-length': String(rest.length) };
    if (range !== null && fault !== 'no-range') {
      headers['content-range'] = `bytes ${told}-${bytes.length - 1}/${bytes.length}`;
    }
    if (fault === 'short') headers['content-length'] = String(rest.length + 100);
    if (fault === 'long') delete headers['content-length'];
    response.writeHead(headers['content-range'] ? 206 : 200, headers);
    if (fault === 'drop' || fault === 'short') {
      response.write(fault === 'drop' ? half : rest, () => setTimeout(() => response.destroy(), 20));
    } else if (fault === 'long') response.end(Buffer.concat([rest, Buffer.alloc(500)]));
    else if (fault === 'wrong-bytes') response.end(Buffer.from(rest.map((byte) => byte ^ 1)));
    else if (this.holds === path) {
      response.write(half);
      this.#held.push({ response, rest: rest.subarray(half.length) });
    } else response.end(rest);
  }
}

function describe(path: string, bytes: Buffer) {
  const gitSha1 = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const lfs = bytes.length >= LARGE_BYTES ? { oid: sha256, size: bytes.length, pointerSize: 130 } : undefined;
  return { type: 'file', path, size: bytes.length, oid: gitSha1, ...(lfs && { lfs }) };
}
