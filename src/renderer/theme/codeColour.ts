/** One hue per code, the same in every view: hues a golden angle apart, so that neighbours differ most. */

const GOLDEN_ANGLE_DEGREES = 137.50776405003785;
const FIRST_HUE_DEGREES = 20;

export type ColourScheme = 'light' | 'dark';

/** Hue of code `code` (0-based), degrees in [0, 360). */
export function codeHue(code: number): number {
  return (code * GOLDEN_ANGLE_DEGREES + FIRST_HUE_DEGREES) % 360;
}

/** CSS colour of a code; `lightness` (percent) defaults to one that reads on the scheme's surface. */
export function codeColour(code: number, scheme: ColourScheme, lightness?: number): string {
  const saturation = scheme === 'dark' ? 55 : 60;
  return `hsl(${codeHue(code).toFixed(1)} ${saturation}% ${lightness ?? (scheme === 'dark' ? 64 : 48)}%)`;
}
