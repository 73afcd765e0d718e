/** The shapes that pairs leave in, in a person's words. */
import type { ExportFile, ExportShape } from '#shared/dataEntities.ts';

export interface ShapeWords {
  readonly shape: ExportShape;
  readonly name: string;
  readonly says: string;
  /** One preferred reply a row: rules say which label that is. */
  readonly prefers: boolean;
}

export const SHAPES: readonly ShapeWords[] = [
  {
    shape: 'facet',
    name: 'Facet',
    says: 'All that is known: every decision with its history. Imports again to an equal project.',
    prefers: false,
  },
  {
    shape: 'trl',
    name: 'TRL',
    says: 'Prompt, chosen and rejected as messages; also what most of today’s trainers read.',
    prefers: true,
  },
  {
    shape: 'trl-unpaired',
    name: 'TRL, unpaired',
    says: 'Single replies, each good or not: what most people’s ratings say, and labels that came with files. For KTO.',
    prefers: false,
  },
  {
    shape: 'llama-factory',
    name: 'LLaMA-Factory',
    says: 'ShareGPT conversations, and their entry in dataset_info.json.',
    prefers: true,
  },
  {
    shape: 'axolotl',
    name: 'Axolotl',
    says: 'Messages, chosen and rejected, for its chat_template.default.',
    prefers: true,
  },
  {
    shape: 'openai',
    name: 'OpenAI',
    says: 'Preferred and non-preferred output; no ids or sources.',
    prefers: true,
  },
  {
    shape: 'argilla',
    name: 'Argilla',
    says: 'Records with each person’s verdict, ties included.',
    prefers: false,
  },
];

export const FILES: readonly { readonly file: ExportFile; readonly name: string }[] = [
  { file: 'jsonl', name: 'JSON Lines' },
  { file: 'csv', name: 'CSV' },
  { file: 'parquet', name: 'Parquet' },
];
