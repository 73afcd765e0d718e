/** What colours the prompts of a picture. */
import { type MapColour, type MapColours, NO_VALUE } from '#shared/codeMap.ts';
import type { codePairs } from '../../data/codePairs.ts';
import type { Viewer } from '../../data/pairRows.ts';
import type { StoredCodes } from '../../data/storedCodes.ts';
import { base64Of } from '../base64.ts';
import { commonest } from '../commonest.ts';
import { entropyOf } from '../promptRows.ts';

type Pairs = ReturnType<typeof codePairs>;
type Names = Extract<MapColours, { kind: 'names' }>;

/** Names in the order of how many have them. */
function byName(names: readonly (string | undefined)[]): Names {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  const order = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  const place = new Map(order.slice(0, NO_VALUE).map((name, at) => [name, at]));
  const of = Uint16Array.from(names, (name) =>
    name === undefined ? NO_VALUE : (place.get(name) ?? NO_VALUE),
  );
  return { kind: 'names', names: [...place.keys()], of: base64Of(of) };
}

function onScale(values: readonly (number | undefined)[]): MapColours {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === undefined) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = [0, 0];
  const of = Uint16Array.from(values, (value) =>
    value === undefined
      ? NO_VALUE
      : high > low
        ? Math.round(((value - low) / (high - low)) * (NO_VALUE - 1))
        : 0,
  );
  return { kind: 'scale', low, high, of: base64Of(of) };
}

export function mapColours(
  stored: StoredCodes,
  strongest: ArrayLike<number>,
  pairs: Pairs,
  promptIds: Uint32Array,
  by: MapColour,
  viewer: Viewer,
): MapColours {
  const { codes, weights, sources } = stored;
  const rowOf = new Map(Array.from(stored.promptIds, (id, row) => [id, row]));
  const rows = Array.from(promptIds, (id) => rowOf.get(id) ?? -1);
  const ids = [...promptIds];
  switch (by) {
    case 'code': {
      const of = Uint16Array.from(rows, (row) => (row < 0 ? NO_VALUE : (strongest[row] as number)));
      return {
        kind: 'names',
        names: Array.from({ length: codes }, (_, code) => String(code)),
        of: base64Of(of),
      };
    }
    case 'source':
      return byName(rows.map((row) => sources[row]));
    case 'entropy':
      return onScale(
        rows.map((row) =>
          row < 0 ? undefined : entropyOf(weights.subarray(row * codes, (row + 1) * codes)),
        ),
      );
    case 'margin': {
      const margins = new Map<number, { sum: number; count: number }>();
      for (const [promptId, margin] of pairs.margins(stored.runId, stored.step, viewer)) {
        const own = margins.get(promptId) ?? { sum: 0, count: 0 };
        margins.set(promptId, { sum: own.sum + margin, count: own.count + 1 });
      }
      return onScale(
        ids.map((id) => {
          const own = margins.get(id);
          return own && own.sum / own.count;
        }),
      );
    }
    case 'right': {
      const names = new Map<number, string>();
      for (const [promptId, margin] of pairs.margins(stored.runId, stored.step, viewer)) {
        const now = margin > 0 ? 'right' : 'wrong';
        const before = names.get(promptId);
        names.set(promptId, before === undefined || before === now ? now : 'both');
      }
      return byName(ids.map((id) => names.get(id)));
    }
    case 'aspect':
    case 'annotator': {
      const names = commonest(pairs.groupedFor(by, viewer));
      return byName(ids.map((id) => names.get(id)));
    }
  }
}
