/**
 * One colour per code, the same in every view: hues a golden angle apart, so that neighbours differ most. Hues come close
 * again after 21 codes, so each such round has a lightness of its own.
 */

const GOLDEN_ANGLE_DEGREES = 137.50776405003785;
const FIRST_HUE_DEGREES = 20;

const CODES_PER_ROUND = 21;
const LIGHTNESS_PERCENT = { light: [48, 34, 60], dark: [64, 78, 50] } as const;

export type ColourScheme = 'light' | 'dark';

/** Hue of code `code` (0-based), degrees in [0, 360). */
function codeHue(code: number): number {
  return (code * GOLDEN_ANGLE_DEGREES + FIRST_HUE_DEGREES) % 360;
}

function codeLightness(code: number, scheme: ColourScheme): number {
  const rounds = LIGHTNESS_PERCENT[scheme];
  return rounds[Math.floor(code / CODES_PER_ROUND) % rounds.length] as number;
}

/** CSS colour of a code; `lightness` (percent) defaults to one that reads on the scheme's surface. */
export function codeColour(code: number, scheme: ColourScheme, lightness?: number): string {
  const saturation = scheme === 'dark' ? 55 : 60;
  return `hsl(${codeHue(code).toFixed(1)} ${saturation}% ${lightness ?? codeLightness(code, scheme)}%)`;
}
