/** What a picture of prompts is made of. */
import { createHash } from 'node:crypto';
import { layoutSample } from '#core/layout/faithful.ts';
import type { Points } from '#core/layout/points.ts';
import { FacetError } from '#core/result.ts';
import { readFloats } from '#disk/bytes.ts';
import { type MapSettings, MOST_LAID_OUT } from '#shared/codeMap.ts';
import type { StoredCodes } from '../../data/storedCodes.ts';
import { knownPrompts } from '../../services/knownPrompts.ts';

export interface Featured {
  readonly promptIds: Uint32Array;
  readonly sources: readonly string[];
  readonly points: Points;
}

/** Changes whenever codes do. */
export function fingerprintOf({ promptIds, weights }: StoredCodes): string {
  const bytes = (values: Uint32Array | Float32Array) =>
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return createHash('sha256').update(bytes(promptIds)).update(bytes(weights)).digest('hex').slice(0, 24);
}

function take(stored: StoredCodes, rows: readonly number[], points: Points): Featured {
  return {
    promptIds: Uint32Array.from(rows, (row) => stored.promptIds[row] as number),
    sources: rows.map((row) => stored.sources[row] as string),
    points,
  };
}

/** √p(z|x): the distance of two mixes is then that of Hellinger. */
function ofCodes(stored: StoredCodes, method: MapSettings['method']): Featured {
  const { codes, promptIds, weights } = stored;
  const most = method === 'pca' ? promptIds.length : MOST_LAID_OUT;
  const rows = layoutSample(promptIds.length, most).sort((a, b) => a - b);
  const values = new Float32Array(rows.length * codes);
  for (const [place, row] of rows.entries())
    for (let code = 0; code < codes; code++)
      values[place * codes + code] = Math.sqrt(weights[row * codes + code] as number);
  return take(stored, rows, { values, width: codes });
}

/** h_x of the prompts whose states were kept. */
async function ofStates(stored: StoredCodes, runDir: string): Promise<Featured> {
  const known = await knownPrompts(runDir, stored.step);
  if (known === null || known.promptIds.length === 0)
    throw new FacetError({
      code: 'codes.no-states',
      message: 'No states of prompts were kept with these codes.',
      fix: 'Choose the codes instead, or read the codes of this checkpoint again.',
    });
  const states = await readFloats(known.path);
  const width = states.length / known.promptIds.length;
  const rowOf = new Map(Array.from(stored.promptIds, (id, row) => [id, row]));
  const kept = known.promptIds
    .map((id, place) => ({ row: rowOf.get(id), place }))
    .filter((one): one is { row: number; place: number } => one.row !== undefined)
    .sort((a, b) => a.row - b.row);
  const values = new Float32Array(kept.length * width);
  for (const [at, { place }] of kept.entries())
    values.set(states.subarray(place * width, (place + 1) * width), at * width);
  return take(
    stored,
    kept.map(({ row }) => row),
    { values, width },
  );
}

/** Throws `codes.no-states`. */
export const featuresOf = async (
  stored: StoredCodes,
  runDir: string,
  { method, features }: MapSettings,
): Promise<Featured> => (features === 'codes' ? ofCodes(stored, method) : ofStates(stored, runDir));
