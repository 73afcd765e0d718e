/** For tests: a dashboard's jobs API as Ray 2.60 answers it, over HTTP, with one job. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

interface RayServer {
  readonly address: string;
  readonly packages: ReadonlyMap<string, Buffer>;
  /** Bodies of what was submitted. */
  readonly submitted: readonly Record<string, unknown>[];
}

const BROWSER_HEADERS = ['sec-fetch-mode', 'origin', 'referer'];

/** `token` is asked of every question where it is given. */
export async function startRayServer(token: string | null = null): Promise<RayServer> {
  const packages = new Map<string, Buffer>();
  const submitted: Record<string, unknown>[] = [];
  let status = 'RUNNING';
  const server = createServer(async (request, response) => {
    const { method, url = '', headers } = request;
    const body = await buffer(request);
    const say = (code: number, value: unknown): void => {
      response.writeHead(code).end(typeof value === 'string' ? value : JSON.stringify(value));
    };
    const asked = `${method} ${url}`;
    if (token !== null && headers.authorization === undefined)
      return say(401, 'Unauthorized: Missing authentication token');
    if (token !== null && headers.authorization !== `Bearer ${token}`)
      return say(403, 'Forbidden: Invalid authentication token');
    if (method !== 'GET' && BROWSER_HEADERS.some((name) => name in headers))
      return say(405, `'${method}' method not allowed for browser traffic.`);
    if (asked === 'GET /api/version')
      return say(200, { version: '4', ray_version: '2.60.0', ray_commit: 'abc', session_name: 'session' });
    if (url.startsWith('/api/packages/gcs/')) {
      const name = url.slice('/api/packages/gcs/'.length);
      if (method === 'PUT') packages.set(name, body);
      return packages.has(name) ? say(200, '') : say(404, `Package gcs://${name} does not exist`);
    }
    if (asked === 'POST /api/jobs/') {
      const job = JSON.parse(body.toString()) as Record<string, unknown>;
      submitted.push(job);
      return say(200, { job_id: job.submission_id, submission_id: job.submission_id });
    }
    const id = submitted.at(-1)?.submission_id;
    const place = url.startsWith(`/api/jobs/${id}`) ? url.slice(`/api/jobs/${id}`.length) : null;
    if (place === '' && method === 'GET')
      return say(200, {
        type: 'SUBMISSION',
        job_id: null,
        submission_id: id,
        driver_info: null,
        status,
        entrypoint: submitted.at(-1)?.entrypoint,
        message: `Job is currently ${status.toLowerCase()}.`,
        error_type: null,
        start_time: 1_700_000_000_000,
        end_time: status === 'STOPPED' ? 1_700_000_060_000 : null,
        metadata: { name: 'Far away' },
        driver_exit_code: null,
      });
    if (place === '/logs' && method === 'GET')
      return say(200, { logs: Array.from({ length: 300 }, (_, line) => `line ${line}\n`).join('') });
    if (place === '/stop' && method === 'POST') {
      status = 'STOPPED';
      return say(200, { stopped: true });
    }
    return say(404, `Job ${url} does not exist`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { address: `http://127.0.0.1:${port}`, packages, submitted };
}
