/** How codes go on from checkpoint to checkpoint, and which codes of two runs are the same. For the process that reads codes. */
import { codeChanges, codesInUseOf, type Weights } from '#core/codeFlow/match.ts';
import { hash32 } from '#core/random.ts';
import { FacetError } from '#core/result.ts';
import type { CodeFlow } from '#shared/codeFlow.ts';
import type { storedCodes } from '../data/storedCodes.ts';
import { heldOutPriors } from './heldOutPriors.ts';

type Table = ReturnType<typeof storedCodes>;
interface Column extends Weights {
  readonly runId: number;
  readonly step: number;
}
interface Place {
  readonly runId: number;
  readonly step: number;
}

/** Prompts of a project that codes are matched on. */
const MOST_PROMPTS = 1000;
/** Fewer say nothing of two codebooks. */
const LEAST_PROMPTS = 10;

function flowOf(columns: readonly Column[], prompts: number, of: CodeFlow['of']): CodeFlow {
  return {
    prompts,
    of,
    columns: columns.map(({ runId, step, codes, weights }) => ({
      ...{ runId, step, codes },
      use: codesInUseOf({ codes, weights }),
    })),
    changes: columns.slice(1).map((column, at) => {
      const { kept, born, died, same } = codeChanges(columns[at] as Column, column);
      return { kept: [...kept], born: [...born], died: [...died], same };
    }),
  };
}

/** As the run's evaluations left it; null where it kept none. Throws `codes.priors-damaged`. */
function heldOutFlow(runId: number, runDir: string): CodeFlow | null {
  const kept = heldOutPriors(runDir);
  if (kept === null) return null;
  return flowOf(
    kept.columns.map((column) => ({ runId, ...column })),
    kept.promptIds.length,
    'held-out',
  );
}

/** A part of the prompts that all places have, always the same, and each place's weights of them. */
function storedColumns(table: Table, places: readonly Place[]): { prompts: number; columns: Column[] } {
  const [first, ...others] = places.map(({ runId, step }) => table.promptIds(runId, step));
  const common = others.reduce<readonly number[]>((ids, own) => {
    const there = new Set(own);
    return ids.filter((id) => there.has(id));
  }, first ?? []);
  const ids = common
    .map((id) => ({ id, place: hash32(`code-flow.${id}`) }))
    .sort((a, b) => a.place - b.place || a.id - b.id)
    .slice(0, MOST_PROMPTS)
    .map(({ id }) => id)
    .sort((a, b) => a - b);
  const columns = places.map((place) => ({ ...place, ...table.weightsOf(place.runId, place.step, ids) }));
  return { prompts: ids.length, columns };
}

/** `steps`: those whose codes are stored, for a run that kept nothing of its evaluations. */
export function timelineOf(table: Table, runId: number, runDir: string, steps: readonly number[]): CodeFlow {
  const kept = heldOutFlow(runId, runDir);
  if (kept !== null) return kept;
  const places = steps.map((step) => ({ runId, step }));
  const { prompts, columns } = table.atOnce(() => storedColumns(table, places));
  return flowOf(prompts === 0 ? [] : columns, prompts, 'project');
}

/** Throws `codes.too-few-common` where too few prompts have codes by both. */
export function alignmentOf(table: Table, first: Place, second: Place): CodeFlow {
  const { prompts, columns } = table.atOnce(() => storedColumns(table, [first, second]));
  if (prompts < LEAST_PROMPTS)
    throw new FacetError({
      code: 'codes.too-few-common',
      message: `Only ${prompts} prompts have codes by both, fewer than the ${LEAST_PROMPTS} that codes are matched on.`,
      fix: 'Read the codes of both anew: prompts may have been added since.',
    });
  return flowOf(columns, prompts, 'project');
}
