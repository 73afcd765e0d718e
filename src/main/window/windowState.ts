/** Where the window was and what colour it had, kept between starts. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeSmallFile } from '#disk/smallFile.ts';

const boundsSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const windowStateSchema = z.object({
  bounds: boundsSchema.nullable(),
  maximized: z.boolean(),
  /** The page's own background when the window was last closed, so that the next start doesn't flash. */
  background: z
    .string()
    .regex(/^rgb\(\d{1,3}, \d{1,3}, \d{1,3}\)$/)
    .nullable(),
});
export type WindowState = z.infer<typeof windowStateSchema>;
type Bounds = z.infer<typeof boundsSchema>;

const initial: WindowState = { bounds: null, maximized: false, background: null };

/** State as stored; a missing or damaged file gives the initial state, for nothing of value is lost with it. */
export function readWindowState(path: string): WindowState {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return initial;
  }
}

export function writeWindowState(path: string, state: WindowState): void {
  writeSmallFile(path, JSON.stringify(state));
}

const reachablePixels = 80;

/** Stored bounds, unless their title bar would lie outside every screen, as after unplugging one. */
export function visibleBounds(bounds: Bounds | null, screens: readonly Bounds[]): Bounds | null {
  if (!bounds) return null;
  const reachable = screens.some((screen) => {
    const left = Math.max(bounds.x, screen.x);
    const right = Math.min(bounds.x + bounds.width, screen.x + screen.width);
    const titleInside = bounds.y >= screen.y && bounds.y < screen.y + screen.height;
    return titleInside && right - left >= reachablePixels;
  });
  return reachable ? bounds : null;
}
