import { heatMapOrder } from '#core/codebook.ts';
import type { HeatMap } from '#shared/entities.ts';
import type { StoredCodes } from '../data/storedCodes.ts';

export function heatMapOf({ codes, promptIds, sources, weights }: StoredCodes): HeatMap {
  const order = heatMapOrder(weights, codes, sources);
  const bytes = Buffer.alloc(4 * weights.length);
  const groups: HeatMap['groups'] = [];
  for (const [place, row] of order.entries()) {
    for (let code = 0; code < codes; code++) {
      bytes.writeFloatLE(weights[row * codes + code] as number, 4 * (place * codes + code));
    }
    const source = sources[row] as string;
    const group = groups.at(-1);
    if (group?.source === source) group.rows += 1;
    else groups.push({ source, start: place, rows: 1 });
  }
  return {
    codes,
    rows: order.length,
    promptIds: order.map((row) => promptIds[row] as number),
    groups,
    weights: bytes.toString('base64'),
  };
}
