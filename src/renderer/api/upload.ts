import { FacetError } from '#core/result.ts';
import { definedFailure } from '#shared/definedFailure.ts';
import { failureSchema } from '#shared/entities.ts';
import { readToken } from './token.ts';

/** Sends a file to the machine that serves this page, as it is read; gives where it is there. */
export async function upload(file: File): Promise<string> {
  const response = await fetch(`/upload?name=${encodeURIComponent(file.name)}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${readToken()}` },
    body: file,
  });
  const answer = (await response.json().catch(() => ({}))) as { path?: unknown; failure?: unknown };
  if (response.ok && typeof answer.path === 'string') return answer.path;
  const known = failureSchema.safeParse(answer.failure);
  throw new FacetError(
    known.success
      ? definedFailure(known.data)
      : {
          code: 'upload.refused',
          message: `${file.name} could not be sent: the server answered ${response.status}.`,
          fix: 'Reload the page from the address that Facet printed, then try again.',
        },
  );
}
