/** The cluster that was used last, in a JSON file of the user's; its token in the key store. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FacetError } from '#core/result.ts';
import { writeSmallFile } from '#disk/smallFile.ts';
import type { RaySettings } from '#shared/jobContract.ts';
import type { KeyStore } from '../../hub/keyStore.ts';
import { requirePrivate } from './rayAddress.ts';
import type { RayAccess } from './rayClient.ts';

const storedSchema = z.object({ address: z.string() });

/** A token was given for one cluster, and no other address ever sees it. */
const keptTokenSchema = z.object({ origin: z.string(), token: z.string() });
type KeptToken = z.infer<typeof keptTokenSchema>;

const originOf = (address: string): string => new URL(address).origin;

/** As Ray's own programs read it. */
const environmentToken = (): string | null => process.env.RAY_AUTH_TOKEN?.trim() || null;

/** Tokens and addresses are checked before they are kept. Throws `ray.…`. */
export function raySettings(userDataDir: string, keyStore: KeyStore) {
  const file = join(userDataDir, 'ray.json');
  const address = (): string | null => {
    if (!existsSync(file)) return null;
    try {
      return storedSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).address;
    } catch (error) {
      throw new FacetError({
        code: 'ray.bad-settings',
        message: `${file} can't be read: ${error instanceof Error ? error.message : String(error)}.`,
        fix: 'Remove the file, and give the address again.',
        where: { file },
      });
    }
  };
  const keptToken = (): KeptToken | null => {
    const secret = keyStore.read();
    return secret === null ? null : keptTokenSchema.parse(JSON.parse(secret));
  };
  const tokenFor = (of: string): string | null => {
    const kept = keptToken();
    return kept?.origin === originOf(of) ? kept.token : environmentToken();
  };
  return {
    get(): RaySettings {
      const known = address();
      return {
        address: known,
        hasToken: known !== null && tokenFor(known) !== null,
        tokenProblem: keyStore.problem(),
      };
    },
    /** `token`: undefined keeps the one that there is, null forgets it. */
    set(given: string, token: string | null | undefined): void {
      if (token !== undefined) {
        const problem = token === null ? null : keyStore.problem();
        if (problem !== null)
          throw new FacetError({
            code: 'ray.no-key-store',
            message: `The token was not stored. ${problem}`,
            fix: 'Give it in the environment variable RAY_AUTH_TOKEN; it is never written to disk as plain text.',
            where: { field: 'token' },
          });
        if (token !== null) requirePrivate(given);
        keyStore.write(token && JSON.stringify({ origin: originOf(given), token } satisfies KeptToken));
      }
      writeSmallFile(file, `${JSON.stringify({ address: given }, null, 2)}\n`);
    },
    access: (of: string): RayAccess => ({ address: of, token: tokenFor(of) }),
  };
}
