import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Message, PreferencePair } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';

function badRow(file: string, row: number, message: string): FacetError {
  return new FacetError({
    code: 'bench.bad-row',
    message: `${file}, row ${row}: ${message}.`,
    fix: 'Give JSON Lines with prompt (or messages), chosen and rejected in every row; gzip is read as well.',
    where: { file, row },
  });
}

function readRow(file: string, line: string, row: number): PreferencePair {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw badRow(file, row, 'this is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw badRow(file, row, 'this is no object');
  const of = (name: string): unknown => Reflect.get(value, name);
  const text = (name: string): string => {
    const found = of(name);
    if (typeof found !== 'string' || found === '') throw badRow(file, row, `${name} is not a text`);
    return found;
  };
  const messages = of('messages');
  const given = Array.isArray(messages) ? (messages as Message[]) : null;
  const prompt = given === null ? text('prompt') : JSON.stringify(given);
  const optional = (name: string): string | null => {
    const found = of(name);
    return typeof found === 'string' ? found : null;
  };
  return {
    id: optional('id') ?? String(row),
    promptId: optional('promptId') ?? prompt,
    source: optional('source') ?? '',
    aspect: optional('aspect'),
    messages: given ?? [{ role: 'user', content: prompt }],
    chosen: text('chosen'),
    rejected: text('rejected'),
  };
}

/** Rows `{prompt | messages, chosen, rejected}` of a JSON Lines file, gzip or plain. Throws `bench.bad-row`. */
export function readBenchPairs(file: string): PreferencePair[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [readRow(file, line, index + 1)]));
}
