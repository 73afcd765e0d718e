/** What a result depends on besides settings and the model: the pairs and the code that computes. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { PreferencePair } from '#core/preference.ts';
import { hashText } from '#disk/hash.ts';
import { jsonLine } from '#disk/lines.ts';

/** SHA-256 over the pairs' rows, which is also the hash of the file that holds them. */
export function pairsSha256(pairs: readonly PreferencePair[]): string {
  const hash = createHash('sha256');
  for (const pair of pairs) hash.update(jsonLine(pair));
  return hash.digest('hex');
}

/** `./x`, `../x` and `#layer/x` in import and export statements and in import() calls. */
const SPECIFIER = /(?:from|import)\s*\(?\s*["']((?:\.{1,2}|#\w+)\/[^"']+)["']/g;

/**
 * SHA-256 over every file of ours that the entry of the compute process reaches, source or built: results of other code
 * are never taken for those of this one.
 */
export function codeFingerprint(entry: string, rootDir: string): string {
  const found = new Map<string, string>();
  const queue = [entry];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path) || !existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    found.set(path, text);
    for (const [, specifier = ''] of text.matchAll(SPECIFIER)) {
      queue.push(
        specifier.startsWith('#')
          ? join(rootDir, 'src', specifier.slice(1))
          : resolve(dirname(path), specifier),
      );
    }
  }
  const hashes = [...found].map(([path, text]) => `${path.slice(rootDir.length)} ${hashText(text)}`);
  return hashText(hashes.sort().join('\n'));
}
