import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Message } from '#core/preference.ts';
import { absent, needing } from '#disk/testNeeds.ts';
import { readRecords } from './readRecords.ts';
import { readRow } from './readRow.ts';

const shared = resolve(import.meta.dirname, '../../../../shared/data');
const missing = absent(shared);

async function outcomesOf(path: string) {
  const outcomes = [];
  for await (const { records } of readRecords({ path }, 500)) {
    for (const record of records) {
      outcomes.push(
        'value' in record ? readRow(record.value) : { ok: false as const, problem: record.problem },
      );
    }
  }
  return outcomes;
}

const NAMES: Readonly<Record<string, string>> = { user: 'Human', assistant: 'Assistant', system: 'System' };
/** The turns written out as the sets write them. */
const written = (messages: readonly Message[]): string =>
  messages.map(({ role, content }) => `${NAMES[role]}: ${content}`).join('\n\n');

describe('real sets', needing(missing), () => {
  it.each([
    'finegrained_rlhf_qa',
    'hh_rlhf_harmless_test',
    'hhh_alignment',
    'llamafactory_dpo_en',
    'llmbar',
    'oasst_en100',
    'pandalm_human',
    'raschka_polite',
  ])('%s: every text to the byte', async (name) => {
    const path = join(shared, 'normalized', `${name}.jsonl.gz`);
    const rows = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
    const outcomes = await outcomesOf(path);
    expect(outcomes).toHaveLength(rows.length);
    for (const [index, text] of rows.entries()) {
      const row = JSON.parse(text) as { prompt: string; chosen: string; rejected: string };
      const outcome = outcomes[index];
      if (!outcome?.ok || outcome.items[0]?.kind !== 'pair') throw new Error(`row ${index + 1} is no pair`);
      const { messages, replies } = outcome.items[0];
      expect(replies).toEqual([row.chosen, row.rejected]);
      const [only] = messages;
      const whole = messages.length === 1 && only?.content === row.prompt;
      if (!whole) expect(written(messages)).toBe(row.prompt.replace(/\n\nAssistant:$/, ''));
    }
  });

  // Counted from the published files by other means: a verdict of each kind, rows refused.
  it.each([
    ['WeOpenML_PandaLM/testset-v1.json.gz', { first: 1175, second: 1326, tie: 316, refused: 60 }],
    ['allenai_FineGrainedRLHF/dev_feedback.json.gz', { first: 1577, second: 1039, tie: 384 }],
    ['anthropics_hh-rlhf/harmless-base_test.jsonl.gz', { first: 2303, refused: 9 }],
    ['hiyouga_LLaMA-Factory/dpo_en_demo.json.gz', { first: 300 }],
    ['hiyouga_LLaMA-Factory/kto_en_demo.json.gz', { true: 150, false: 150 }],
    ['hiyouga_LLaMA-Factory/v1_dpo_demo.jsonl.gz', { first: 10 }],
    ['princeton-nlp_LLMBar/Natural.json.gz', { first: 42, second: 58 }],
    ['princeton-nlp_LLMBar/Processed_LLMEval2.json.gz', { first: 90, second: 108, refused: 2 }],
    ['rasbt_LLMs-from-scratch/instruction-data-with-preference.json.gz', { first: 1094, refused: 6 }],
  ])('%s as published', async (file, expected) => {
    const counts: Record<string, number> = {};
    const count = (what: string): void => {
      counts[what] = (counts[what] ?? 0) + 1;
    };
    for (const outcome of await outcomesOf(join(shared, 'raw', file))) {
      if (!outcome.ok) count('refused');
      for (const item of outcome.ok ? outcome.items : []) {
        if (item.kind === 'single') count(String(item.desirable));
        else for (const { verdict } of item.verdicts) count(verdict);
      }
    }
    expect(counts).toEqual(expected);
  });
});
