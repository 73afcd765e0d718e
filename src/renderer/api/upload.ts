import { FacetError } from '#core/result.ts';
import { definedFailure } from '#shared/definedFailure.ts';
import { failureSchema } from '#shared/entities.ts';
import { readToken } from './token.ts';

/** Sends a file to the machine that serves this page, as it is read, beside one that was sent before; gives where it is there. */
export async function upload(file: File, beside: string | null): Promise<string> {
  const asked = new URLSearchParams({ name: file.name, ...(beside !== null && { beside }) });
  const response = await fetch(`/upload?${asked.toString()}`, {
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
