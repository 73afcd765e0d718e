/** Lays prompts out and keeps the picture beside the run. A pass: it leaves nothing behind when it is ended. */
import { draw, part } from '#core/layout/draw.ts';
import { KEPT_OF, layoutSample, neighboursKept } from '#core/layout/faithful.ts';
import { countOf, type Points } from '#core/layout/points.ts';
import { linearProbeAccuracy } from '#core/linearProbe.ts';
import { FacetError } from '#core/result.ts';
import { type CodeMap, MAP_EDGE, type MapSettings } from '#shared/codeMap.ts';
import type { Database } from '../../data/database.ts';
import { storedCodes } from '../../data/storedCodes.ts';
import type { Tick } from '../../pass/protocol.ts';
import { featuresOf, fingerprintOf } from './features.ts';
import { mapPath, writeMap } from './mapFile.ts';

export interface LayOutAsk {
  readonly runId: number;
  readonly step: number;
  readonly runDir: string;
  readonly settings: MapSettings;
}

const PROBED = 1000;

/** Whole numbers from 0 to `MAP_EDGE`, the same scale in both directions, in the middle. */
function placesOf(picture: Float32Array): Uint16Array {
  const low = [Infinity, Infinity] as [number, number];
  const high = [-Infinity, -Infinity] as [number, number];
  for (let at = 0; at < picture.length; at++) {
    const axis = (at % 2) as 0 | 1;
    low[axis] = Math.min(low[axis], picture[at] as number);
    high[axis] = Math.max(high[axis], picture[at] as number);
  }
  const span = Math.max(high[0] - low[0], high[1] - low[1]);
  return Uint16Array.from(picture, (value, at) => {
    const axis = (at % 2) as 0 | 1;
    const fromMiddle = span > 0 ? (value - (low[axis] + high[axis]) / 2) / span : 0;
    return Math.round((fromMiddle + 0.5) * MAP_EDGE);
  });
}

/** null with fewer than two sources. */
function probeOf(points: Points, picture: Float32Array, sources: readonly string[]): CodeMap['probe'] {
  const rows = layoutSample(countOf(points), PROBED);
  const names = rows.map((row) => sources[row] as string);
  const counts = [...Map.groupBy(names, (name) => name).values()].map(({ length }) => length);
  if (counts.length < 2) return null;
  const { values, width } = points;
  return {
    features: linearProbeAccuracy(
      rows.map((row) => values.subarray(row * width, (row + 1) * width)),
      names,
    ),
    picture: linearProbeAccuracy(
      rows.map((row) => picture.subarray(row * 2, row * 2 + 2)),
      names,
    ),
    commonest: Math.max(...counts) / names.length,
    prompts: names.length,
  };
}

/** Throws `codes.none`, `codes.no-states`, `codes.too-few`; what `tick` throws ends it. */
export async function layOut(
  database: Database,
  { runId, step, runDir, settings }: LayOutAsk,
  tick: Tick,
): Promise<null> {
  const stored = storedCodes(database).load(runId, step);
  if (stored === null)
    throw new FacetError({
      code: 'codes.none',
      message: `The codes of step ${step} are not stored, or are just being read anew.`,
      fix: 'Try again in a moment.',
    });
  const { promptIds, sources, points } = await featuresOf(stored, runDir, settings);
  if (promptIds.length < KEPT_OF && settings.method !== 'pca')
    throw new FacetError({
      code: 'codes.too-few',
      message: `${promptIds.length} prompts are too few to be laid out by their neighbours.`,
      fix: 'Choose PCA.',
    });
  const { picture, explained } = draw(points, settings, tick);
  const kept = neighboursKept(points, picture, part(tick, 0.95, 0.99));
  await writeMap(mapPath(runDir, step, settings), {
    settings,
    fingerprint: fingerprintOf(stored),
    rows: promptIds.length,
    prompts: stored.promptIds.length,
    promptIds,
    places: placesOf(picture),
    kept,
    explained: explained === null ? null : [...explained],
    probe: probeOf(points, picture, sources),
  });
  tick(1, 1);
  return null;
}
