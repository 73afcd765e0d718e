/** Lays prompts out and keeps the picture beside the run. A pass: it leaves nothing behind when it is ended. */
import { draw, part } from '#core/layout/draw.ts';
import { KEPT_OF, layoutSample, neighboursKept } from '#core/layout/faithful.ts';
import { countOf, type Points } from '#core/layout/points.ts';
import { linearProbeAccuracy } from '#core/linearProbe.ts';
import { FacetError } from '#core/result.ts';
import type { CodeMap, MapSettings } from '#shared/codeMap.ts';
import type { Database } from '../../data/database.ts';
import { storedCodes } from '../../data/storedCodes.ts';
import type { Tick } from '../../pass/protocol.ts';
import { featuresOf, fingerprintOf } from './features.ts';
import { mapPath, writeMap } from './mapFile.ts';
import { placesOf } from './places.ts';

export interface LayOutAsk {
  readonly runId: number;
  readonly step: number;
  readonly runDir: string;
  readonly settings: MapSettings;
}

const PROBED = 1000;

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
