/** Colours of a picture of prompts. Pure. */
import { type MapColour, type MapColours, NO_VALUE } from '#shared/codeMap.ts';
import type { Rgb } from '../../../charts/scatter/PointPainter.ts';
import { type ColourScheme, codeColour } from '../../../theme/codeColour.ts';
import { uint16sOf } from './encoded.ts';

const MUTED: Readonly<Record<ColourScheme, Rgb>> = { light: [176, 180, 188], dark: [88, 92, 100] };
export const mutedOf = (scheme: ColourScheme): Rgb => MUTED[scheme];
const VERDICTS: Readonly<Record<string, Rgb>> = {
  right: [46, 140, 90],
  wrong: [205, 70, 60],
  both: [190, 140, 40],
};
/** Stops of viridis (van der Walt & Smith 2015): its lightness rises evenly, also for the colour-blind. */
const RAMP: readonly Rgb[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];
const STEPS = 64;

/** `hsl(H S% L%)` as `codeColour` writes it. */
export function rgbOfHsl(css: string): Rgb {
  const [hue = 0, saturation = 0, lightness = 0] = (css.match(/[\d.]+/g) ?? []).map(Number);
  const reach = (saturation / 100) * Math.min(lightness / 100, 1 - lightness / 100);
  const part = (offset: number): number => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness / 100 - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [part(0), part(8), part(4)];
}

export function rampAt(share: number): Rgb {
  const at = Math.min(1, Math.max(0, share)) * (RAMP.length - 1);
  const below = Math.min(RAMP.length - 2, Math.floor(at));
  const [from, to] = [RAMP[below] as Rgb, RAMP[below + 1] as Rgb];
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(from[channel] + (to[channel] - from[channel]) * (at - below));
  return [mix(0), mix(1), mix(2)];
}

export interface Painted {
  readonly colours: Uint16Array;
  readonly palette: readonly Rgb[];
  readonly muted: Rgb;
  /** Of each place of the palette; null on a scale. */
  readonly names: readonly string[] | null;
}

export function paintedBy(told: MapColours, by: MapColour, scheme: ColourScheme): Painted {
  const of = uint16sOf(told.of);
  const muted = mutedOf(scheme);
  if (told.kind === 'scale') {
    const palette = Array.from({ length: STEPS }, (_, step) => rampAt(step / (STEPS - 1)));
    const colours = of.map((value) =>
      value === NO_VALUE ? NO_VALUE : Math.round((value / (NO_VALUE - 1)) * (STEPS - 1)),
    );
    return { colours, palette, muted, names: null };
  }
  const palette = told.names.map(
    (name, at) => (by === 'right' ? VERDICTS[name] : undefined) ?? rgbOfHsl(codeColour(at, scheme)),
  );
  return { colours: of, palette, muted, names: told.names };
}

export const cssOf = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;
