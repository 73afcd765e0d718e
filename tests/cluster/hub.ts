/** Stands in for a model hub on the loopback address: one repository, served as `huggingface_hub` asks for it. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';

export interface Hub {
  readonly url: string;
  /** Requests so far, `METHOD path`. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

const FILES = /\.(json|safetensors|jinja)$/;

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
}

/** `repo` at `commit` and no other; anything else is not found. */
export async function startHub(repo: string, commit: string, folder: string): Promise<Hub> {
  const names = (await readdir(folder)).filter((name) => FILES.test(name));
  const files = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://hub').pathname);
    asked.push(`${request.method} ${path}`);
    response.setHeader('x-repo-commit', commit);
    const siblings = [...files].map(([rfilename, bytes]) => ({ rfilename, size: bytes.length }));
    if (path === `/api/models/${repo}/revision/${commit}`) {
      const about = { private: false, gated: false, disabled: false, tags: [], downloads: 0, likes: 0 };
      return json(response, { _id: '1', id: repo, modelId: repo, sha: commit, siblings, ...about });
    }
    if (path.startsWith(`/api/models/${repo}/tree/${commit}`))
      return json(
        response,
        siblings.map(({ rfilename, size }) => ({ type: 'file', path: rfilename, size, oid: commit })),
      );
    const bytes = files.get(path.replace(`/${repo}/resolve/${commit}/`, ''));
    if (bytes === undefined || !path.startsWith(`/${repo}/resolve/${commit}/`)) {
      const code = path.startsWith(`/${repo}/resolve/${commit}/`) ? 'EntryNotFound' : 'RepoNotFound';
      response.writeHead(404, { 'x-error-code': code }).end();
      return;
    }
    response.writeHead(200, {
      'content-length': bytes.length,
      etag: `"${createHash('sha1').update(bytes).digest('hex')}"`,
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
