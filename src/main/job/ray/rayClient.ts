/** Ray's own jobs API over HTTP: what `ray job submit` speaks. */
import { z } from 'zod';
import { FacetError, toFailure } from '#core/result.ts';
import { requirePrivate } from './rayAddress.ts';

export interface RayAccess {
  readonly address: string;
  readonly token: string | null;
}

/** A server that says nothing for this long counts as gone. */
const SILENCE_MS = 30_000;
const MOST_SAID = 300;

const detailsSchema = z.object({
  status: z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']),
  message: z.string().nullish(),
  start_time: z.number().nullish(),
  end_time: z.number().nullish(),
});
type RayDetails = z.infer<typeof detailsSchema>;

const submittedSchema = z.object({ submission_id: z.string() });
const logsSchema = z.object({ logs: z.string() });
const stoppedSchema = z.object({ stopped: z.boolean() });

interface RaySubmission {
  readonly entrypoint: string;
  readonly submissionId: string;
  /** As `upload` names it. */
  readonly workingDir: string;
  readonly name: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: string | Uint8Array;
}

const unreachable = (address: string, reason: string): FacetError =>
  new FacetError({
    code: 'ray.unreachable',
    message: `${address} does not answer: ${reason}.`,
    fix: 'Check the address of the dashboard, and whether this machine reaches it; a tunnel is ssh -L 8265:localhost:8265 HEAD.',
    where: { field: 'address' },
  });

const notRay = (address: string, path: string): FacetError =>
  new FacetError({
    code: 'ray.not-ray',
    message: `${address} does not answer ${path} as a Ray cluster does.`,
    fix: 'Give the address of the dashboard of Ray 2.9 or newer, installed as ray[default].',
    where: { field: 'address' },
  });

/** Every method throws `ray.…`. */
export interface RayClient {
  /** Ray's version. */
  version(): Promise<string>;
  /** Makes an archive known to the cluster, unless it is, and gives its name there. */
  upload(name: string, archive: Uint8Array): Promise<string>;
  submit(submission: RaySubmission): Promise<string>;
  details(submissionId: string): Promise<RayDetails>;
  /** All that the job has written so far. */
  logs(submissionId: string): Promise<string>;
  stop(submissionId: string): Promise<void>;
}

export function rayClient({ address, token }: RayAccess): RayClient {
  if (token !== null) requirePrivate(address);

  async function ask({ method, path, body }: Asked): Promise<Answer> {
    // Loaded at the first question. Its `fetch` calls itself a browser's, which Ray lets change nothing.
    const { request } = await import('undici');
    const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream';
    try {
      const { statusCode, body: said } = await request(`${address}${path}`, {
        method,
        headers: {
          ...(token !== null && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': type }),
        },
        body: body ?? null,
        headersTimeout: SILENCE_MS,
        bodyTimeout: SILENCE_MS,
      });
      return { status: statusCode, text: await said.text() };
    } catch (error) {
      const { message } = error instanceof AggregateError ? error.errors[0] : toFailure(error);
      throw unreachable(address, String(message || error));
    }
  }

  function refusalOf(path: string, { status, text }: Answer): FacetError {
    if (status === 401 || status === 403)
      return new FacetError({
        code: 'ray.refused',
        message: `${address} refuses ${token === null ? 'questions without a token' : 'the token'} (${status}).`,
        fix: 'Give the token of the cluster; ray get-auth-token shows it there.',
        where: { field: 'token' },
      });
    // Ray answers with a traceback, whose last line says what is wrong.
    const said = text.trim().split('\n').at(-1)?.slice(0, MOST_SAID);
    return new FacetError({
      code: status === 404 ? 'ray.unknown' : 'ray.failed',
      message: `${address} answers ${path} with ${status}: ${said || 'nothing'}.`,
      fix:
        status === 404
          ? 'The cluster may have been started anew since, and knows nothing of the job any more.'
          : 'Look at the cluster’s dashboard, and try again.',
    });
  }

  async function parsed<T>(schema: z.ZodType<T>, asked: Asked): Promise<T> {
    const answer = await ask(asked);
    if (answer.status !== 200) throw refusalOf(asked.path, answer);
    let value: unknown;
    try {
      value = JSON.parse(answer.text);
    } catch {
      throw notRay(address, asked.path);
    }
    const found = schema.safeParse(value);
    if (!found.success) throw notRay(address, asked.path);
    return found.data;
  }

  const job = (submissionId: string): string => `/api/jobs/${encodeURIComponent(submissionId)}`;
  return {
    version: async () => {
      const schema = z.object({ ray_version: z.string() });
      return (await parsed(schema, { method: 'GET', path: '/api/version' })).ray_version;
    },
    upload: async (name, archive) => {
      const path = `/api/packages/gcs/${name}`;
      const there = await ask({ method: 'GET', path });
      if (there.status !== 200 && there.status !== 404) throw refusalOf(path, there);
      if (there.status === 404) {
        const sent = await ask({ method: 'PUT', path, body: archive });
        if (sent.status !== 200) throw refusalOf(path, sent);
      }
      return `gcs://${name}`;
    },
    submit: async ({ entrypoint, submissionId, workingDir, name }) => {
      const body = JSON.stringify({
        entrypoint,
        submission_id: submissionId,
        runtime_env: { working_dir: workingDir },
        metadata: { name },
      });
      return (await parsed(submittedSchema, { method: 'POST', path: '/api/jobs/', body })).submission_id;
    },
    details: (submissionId) => parsed(detailsSchema, { method: 'GET', path: job(submissionId) }),
    logs: async (submissionId) =>
      (await parsed(logsSchema, { method: 'GET', path: `${job(submissionId)}/logs` })).logs,
    stop: async (submissionId) => {
      await parsed(stoppedSchema, { method: 'POST', path: `${job(submissionId)}/stop` });
    },
  };
}
