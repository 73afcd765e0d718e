import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { PreferencePair } from '#core/preference.ts';

/** Rows `{id, source, aspect, prompt, chosen, rejected}` of a JSON Lines file, gzip or plain, as pairs. */
export function readBenchPairs(file: string): PreferencePair[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const row = JSON.parse(line) as Record<string, string>;
      const prompt = row.prompt ?? '';
      return {
        id: row.id ?? String(index),
        promptId: prompt,
        source: row.source ?? '',
        aspect: row.aspect ?? null,
        messages: [{ role: 'user', content: prompt }],
        chosen: row.chosen ?? '',
        rejected: row.rejected ?? '',
      };
    });
}
