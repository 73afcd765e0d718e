/** Pictures of prompts that are kept, for the thread that reads codes. */
import { insideAreas } from '#core/layout/areas.ts';
import { FacetError } from '#core/result.ts';
import type { CodeMap, MapRegion, MapSettings } from '#shared/codeMap.ts';
import type { StoredCodes } from '../../data/storedCodes.ts';
import { base64Of } from '../base64.ts';
import { fingerprintOf } from './features.ts';
import { mapPath, readMap, type StoredMap } from './mapFile.ts';

export class MapAnswers {
  #known: { readonly path: string; readonly map: StoredMap } | null = null;
  readonly #fingerprints = new WeakMap<StoredCodes, string>();

  /** null where none is kept, or the one that is shows other codes. Throws `codes.map-damaged`. */
  find(stored: StoredCodes, runDir: string, settings: MapSettings): StoredMap | null {
    const path = mapPath(runDir, stored.step, settings);
    let fingerprint = this.#fingerprints.get(stored);
    if (fingerprint === undefined) {
      fingerprint = fingerprintOf(stored);
      this.#fingerprints.set(stored, fingerprint);
    }
    if (this.#known?.path !== path || this.#known.map.fingerprint !== fingerprint) {
      this.#known = null;
      const map = readMap(path);
      if (map === null || map.fingerprint !== fingerprint) return null;
      this.#known = { path, map };
    }
    return this.#known.map;
  }

  /** Throws `codes.map-changed` where it is not kept any more. */
  require(stored: StoredCodes, runDir: string, settings: MapSettings, fingerprint?: string): StoredMap {
    const map = this.find(stored, runDir, settings);
    if (map !== null && (fingerprint === undefined || map.fingerprint === fingerprint)) return map;
    throw new FacetError({
      code: 'codes.map-changed',
      message: 'The codes were read anew since these prompts were laid out.',
      fix: 'Lay them out again.',
    });
  }

  picture(stored: StoredCodes, runDir: string, settings: MapSettings): CodeMap | null {
    const map = this.find(stored, runDir, settings);
    return map && { ...map, promptIds: base64Of(map.promptIds), places: base64Of(map.places) };
  }

  /** Ids of the prompts within the areas. */
  within(stored: StoredCodes, runDir: string, region: MapRegion): Set<number> {
    const { places, promptIds } = this.require(stored, runDir, region.settings, region.fingerprint);
    const inside = insideAreas(region.areas, places);
    const ids = new Set<number>();
    for (const [row, id] of promptIds.entries()) if (inside[row] === 1) ids.add(id);
    return ids;
  }
}
