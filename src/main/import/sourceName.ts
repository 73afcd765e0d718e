import { basename } from 'node:path';
import type { ImportedPair } from './types.ts';

/** The pair's own source, else the file's name without its endings. */
export const sourceName = (pair: ImportedPair, file: string): string =>
  pair.source ?? basename(file).replace(/(\.(jsonl|ndjson|json|gz))+$/i, '');
