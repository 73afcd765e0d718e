/** Endpoint, proxy and folder in one JSON file of the user's; the token elsewhere. */

import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { FacetError } from '#core/result.ts';
import { writeSmallFile } from '#disk/smallFile.ts';
import type { Inputs } from '#shared/contract.ts';
import type { HubSettings } from '#shared/policyEntities.ts';
import { checkedEndpoint, checkedProxy, type HubAccess } from './hubFetch.ts';
import { environmentToken, type KeyStore } from './keyStore.ts';

const DEFAULT_ENDPOINT = 'https://huggingface.co';
const storedSchema = z.object({
  endpoint: z.string().optional(),
  proxy: z.string().nullable().optional(),
  folder: z.string().optional(),
});
type Stored = z.infer<typeof storedSchema>;

/** A token was given for one hub, and no other address ever sees it. */
const keptTokenSchema = z.object({ origin: z.string(), token: z.string() });
type KeptToken = z.infer<typeof keptTokenSchema>;

const originOf = (endpoint: string): string => new URL(endpoint).origin;

/** Earlier versions kept the token alone: it was one of the public hub. */
function keptToken(secret: string | null): KeptToken | null {
  if (secret === null) return null;
  if (!secret.startsWith('{')) return { origin: originOf(DEFAULT_ENDPOINT), token: secret };
  return keptTokenSchema.parse(JSON.parse(secret));
}

export function hubSettings(userDataDir: string, keyStore: KeyStore) {
  const file = join(userDataDir, 'hub.json');
  const read = (): Stored => {
    if (!existsSync(file)) return {};
    try {
      return storedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      throw new FacetError({
        code: 'hub.bad-settings',
        message: `${file} can't be read: ${error instanceof Error ? error.message : String(error)}.`,
        fix: 'Correct the file, or remove it and set endpoint, proxy and folder again.',
        where: { file },
      });
    }
  };
  const endpointOf = (stored: Stored): string =>
    checkedEndpoint(stored.endpoint ?? (process.env.HF_ENDPOINT || DEFAULT_ENDPOINT));
  const tokenFor = (endpoint: string): string | null => {
    const kept = keptToken(keyStore.read());
    if (kept?.origin === originOf(endpoint)) return kept.token;
    const home = checkedEndpoint(process.env.HF_ENDPOINT || DEFAULT_ENDPOINT);
    return originOf(home) === originOf(endpoint) ? environmentToken() : null;
  };
  const storeToken = (given: string | null, endpoint: string): void => {
    const problem = given === null ? null : keyStore.problem();
    if (problem !== null) {
      throw new FacetError({
        code: 'hub.no-key-store',
        message: `The token was not stored. ${problem}`,
        fix: 'Give it in the environment variable HF_TOKEN; it is never written to disk as plain text.',
      });
    }
    const token = given?.trim() || null;
    keyStore.write(token && JSON.stringify({ origin: originOf(endpoint), token } satisfies KeptToken));
  };
  return {
    get(): HubSettings {
      const stored = read();
      const endpoint = endpointOf(stored);
      return {
        endpoint,
        proxy: stored.proxy ?? null,
        folder: stored.folder ?? join(userDataDir, 'models'),
        hasToken: tokenFor(endpoint) !== null,
        tokenProblem: keyStore.problem(),
      };
    },
    update(changes: Inputs['hub']['updateSettings']): void {
      const stored = read();
      const folder = changes.folder ?? stored.folder;
      if (changes.folder !== undefined && !isAbsolute(changes.folder)) {
        throw new FacetError({
          code: 'hub.bad-folder',
          message: `${JSON.stringify(changes.folder)} is not an absolute path.`,
          fix: 'Give the folder’s full path.',
          where: { field: 'folder' },
        });
      }
      const endpoint = changes.endpoint === undefined ? stored.endpoint : checkedEndpoint(changes.endpoint);
      const proxy =
        changes.proxy === undefined ? (stored.proxy ?? null) : changes.proxy && checkedProxy(changes.proxy);
      if (changes.token !== undefined) storeToken(changes.token, endpointOf({ endpoint }));
      writeSmallFile(file, `${JSON.stringify({ endpoint, proxy: proxy || null, folder }, null, 2)}\n`);
    },
    access(endpoint: string): HubAccess {
      return { endpoint, proxy: read().proxy ?? null, token: tokenFor(endpoint) };
    },
  };
}
