/** Tokens that each code of a checkpoint lifts and lowers most. */
import type { ShiftedToken, VocabularyJob, VocabularyResult } from '#core/jobs.ts';
import { codesOf } from '#core/methods.ts';
import { injectedInto } from '../programs/policy.ts';
import { vocabularyProgram } from '../programs/vocabularyProgram.ts';
import { pieceTexts } from '../tokens/pieceTexts.ts';
import { optionsFor, ready } from '../train/programs.ts';
import { leasePolicy } from './warm.ts';

const SHOWN = 12;

/** Places of the `count` largest values of `sign` · values, largest first, whose text says something. */
function strongest(
  values: Float32Array,
  sign: 1 | -1,
  count: number,
  textOf: (id: number) => string,
): ShiftedToken[] {
  const order = Array.from(values.keys()).sort(
    (a, b) => sign * ((values[b] as number) - (values[a] as number)) || a - b,
  );
  const shown: ShiftedToken[] = [];
  for (const id of order) {
    if (shown.length >= count) break;
    const text = textOf(id);
    if (text.trim() !== '') shown.push({ id, text, shift: values[id] as number });
  }
  return shown;
}

export async function vocabularyJob(job: VocabularyJob): Promise<VocabularyResult> {
  const { policy, release } = await leasePolicy(job.modelDir, job.checkpointDir, job.engine);
  try {
    const { config, model, engine, stage, tokenizer } = policy;
    const { latent } = config;
    const codes = codesOf(config);
    if (latent === null || codes === null) return { codes: null, reason: 'This run has no codes.' };
    const options = optionsFor({ config, model, shape: { tokens: 1, responses: 1, pairs: 1 } }, stage);
    if (injectedInto(options).length > 0)
      return {
        codes: null,
        reason: 'z enters the layers, so that what a code does to the vocabulary depends on the text.',
      };
    const program = await ready(engine, vocabularyProgram(options, latent));
    try {
      const { shift } = await program.run({});
      const size = model.config.vocabulary;
      const textOf = (id: number): string => pieceTexts(tokenizer, [id])[0] ?? '';
      return {
        reason: null,
        codes: Array.from({ length: codes }, (_, code) => {
          const own = (shift as Float32Array).subarray(code * size, (code + 1) * size);
          return {
            lifted: strongest(own, 1, SHOWN, textOf),
            lowered: strongest(own, -1, SHOWN, textOf),
          };
        }),
      };
    } finally {
      await program.dispose();
    }
  } finally {
    await release();
  }
}
