/** A file that a page sends: streamed to the disk, so that none is held in memory. */
import { statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Failure, toFailure } from '#core/result.ts';

export type StoreUpload = (
  name: string,
  parts: AsyncIterable<Uint8Array>,
  beside: string | null,
) => Promise<string>;

const MOST_AT_ONCE = 4;
/** Left to what is labelled meanwhile. */
const SPARED_BYTES = 512 * 1024 ** 2;

const answer = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
};
const refuse = (response: ServerResponse, status: number, failure: Failure): void =>
  answer(response, status, { failure });

/** Takes uploads into the folder of `userDataDir`, a few at a time and no larger than there is room for. */
export function uploadReceiver(store: StoreUpload, userDataDir: string) {
  let running = 0;
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    beside: string | null,
  ): Promise<void> => {
    const bytes = Number(request.headers['content-length']);
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      return refuse(response, 411, {
        code: 'upload.no-length',
        message: 'The upload doesn’t say how long it is.',
      });
    }
    if (running >= MOST_AT_ONCE) {
      return refuse(response, 503, {
        code: 'upload.too-many',
        message: `${MOST_AT_ONCE} files are being sent already.`,
        fix: 'Wait until one of them is there.',
      });
    }
    running += 1;
    try {
      const { bavail, bsize } = await statfs(userDataDir);
      if (bytes + SPARED_BYTES > bavail * bsize) {
        return refuse(response, 507, {
          code: 'disk.full',
          message: `There is no room for ${name} on the machine that serves this page.`,
          fix: 'Free some space there, then try again.',
        });
      }
      answer(response, 200, { path: await store(name, request, beside) });
    } catch (error) {
      // A page that went away in the middle hears nothing any more; what it had sent is gone.
      if (!request.destroyed && !response.headersSent) refuse(response, 500, toFailure(error));
      else response.destroy();
    } finally {
      running -= 1;
    }
  };
}
