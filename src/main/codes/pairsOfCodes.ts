/** From codes, prompts and groups to pairs, and from pairs to how codes fall on groups. */
import { labelsWanted } from '#core/codeCoverage.ts';
import { hash32 } from '#core/random.ts';
import type {
  CodeCoverage,
  CodeGroup,
  CodeMatrix,
  CodeSelection,
  SelectedPairs,
} from '#shared/codeSelection.ts';
import type { codePairs } from '../data/codePairs.ts';
import type { Viewer } from '../data/pairRows.ts';
import type { StoredCodes } from '../data/storedCodes.ts';

type Pairs = ReturnType<typeof codePairs>;

/** As many as one change of pairs takes. */
const MOST_PAIRS = 100_000;
/** Groups of a matrix, the largest ones. */
const MOST_GROUPS = 60;

export function selectPairs(
  { promptIds }: StoredCodes,
  strongest: ArrayLike<number>,
  pairs: Pairs,
  selection: CodeSelection,
  viewer: Viewer,
  /** Prompts within the region or the table that is asked for. */
  within?: ReadonlySet<number>,
): SelectedPairs {
  const wanted = selection.codes && new Set(selection.codes);
  const named = selection.promptIds && new Set(selection.promptIds);
  const ids: number[] = [];
  for (const [row, id] of promptIds.entries())
    if (
      (wanted?.has(strongest[row] as number) ?? true) &&
      (named?.has(id) ?? true) &&
      (within?.has(id) ?? true)
    )
      ids.push(id);
  const found = pairs.of(ids, selection.group, viewer);
  return {
    pairs: found.length,
    prompts: new Set(found.map(([, promptId]) => promptId)).size,
    pairIds: found.slice(0, MOST_PAIRS).map(([pairId]) => pairId),
  };
}

/** Row of each prompt. */
const rowsById = ({ promptIds }: StoredCodes): Map<number, number> =>
  new Map(Array.from(promptIds, (id, row) => [id, row]));

export function coverageOf(stored: StoredCodes, strongest: ArrayLike<number>, pairs: Pairs): CodeCoverage {
  const { codes } = stored;
  const rows = rowsById(stored);
  const tallies = Array.from({ length: codes }, (_, code) => ({ code, pairs: 0, labelled: 0 }));
  const open = Array.from({ length: codes }, (): number[] => []);
  for (const [pairId, promptId, decided] of pairs.states()) {
    const row = rows.get(promptId);
    if (row === undefined) continue;
    const code = strongest[row] as number;
    const tally = tallies[code] as { pairs: number; labelled: number };
    tally.pairs += 1;
    if (decided) tally.labelled += 1;
    else open[code]?.push(pairId);
  }
  const wanted = labelsWanted(tallies);
  // The same pairs each time, in an order that nothing but their ids decides.
  const drawn = (ids: readonly number[], count: number): number[] =>
    ids
      .map((id) => ({ id, place: hash32(`code-coverage.${id}`) }))
      .sort((a, b) => a.place - b.place || a.id - b.id)
      .slice(0, count)
      .map(({ id }) => id);
  const pairIds = open.flatMap((ids, code) => drawn(ids, wanted[code] as number));
  return {
    codes: tallies.map((tally) => ({ ...tally, wanted: wanted[tally.code] as number })),
    pairIds: pairIds.slice(0, MOST_PAIRS).sort((a, b) => a - b),
  };
}

export function matrixOf(
  stored: StoredCodes,
  strongest: ArrayLike<number>,
  pairs: Pairs,
  by: CodeGroup,
): CodeMatrix {
  const { codes, weights } = stored;
  const rows = rowsById(stored);
  const tallies = new Map<string, { pairs: number; mass: Float64Array; first: number[] }>();
  for (const [promptId, name] of pairs.grouped(by)) {
    const row = rows.get(promptId);
    if (row === undefined) continue;
    let tally = tallies.get(name);
    if (!tally) {
      tally = { pairs: 0, mass: new Float64Array(codes), first: new Array<number>(codes).fill(0) };
      tallies.set(name, tally);
    }
    tally.pairs += 1;
    tally.first[strongest[row] as number]! += 1;
    for (let code = 0; code < codes; code++) tally.mass[code]! += weights[row * codes + code] as number;
  }
  const groups = [...tallies]
    .map(([name, { pairs: count, mass, first }]) => ({
      name,
      pairs: count,
      mean: Array.from(mass, (sum) => sum / count),
      first,
    }))
    .sort((a, b) => b.pairs - a.pairs || (a.name < b.name ? -1 : 1));
  return { by, groups: groups.slice(0, MOST_GROUPS), others: Math.max(0, groups.length - MOST_GROUPS) };
}
