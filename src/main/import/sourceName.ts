import { basename } from 'node:path';
import type { ImportedItem } from './types.ts';

const ENDINGS = /(\.(jsonl|ndjson|json|csv|tsv|txt|parquet|arrow|feather|gz|zst|zip))+$/i;

/** The item's own source, else the file's name without its endings. */
export const sourceName = ({ source }: Pick<ImportedItem, 'source'>, file: string): string =>
  source ?? basename(file).replace(ENDINGS, '');
