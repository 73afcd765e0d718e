import { expect, it } from 'vitest';
import { NO_VALUE } from '#shared/codeMap.ts';
import { codeColour } from '../../../theme/codeColour.ts';
import { paintedBy, rampAt, rgbOfHsl } from './mapPalette.ts';

const encoded = (values: readonly number[]): string =>
  btoa(values.map((value) => String.fromCharCode(value & 255, value >> 8)).join(''));

it('turns the colours of codes into red, green and blue', () => {
  expect(rgbOfHsl('hsl(0.0 100% 50%)')).toEqual([255, 0, 0]);
  expect(rgbOfHsl('hsl(120.0 100% 25%)')).toEqual([0, 128, 0]);
  expect(rgbOfHsl('hsl(240.0 0% 50%)')).toEqual([128, 128, 128]);
});

it('gives a code the colour that it has everywhere, and prompts without a value none', () => {
  const painted = paintedBy(
    { kind: 'names', names: ['0', '1'], of: encoded([1, NO_VALUE]) },
    'code',
    'light',
  );
  expect([...painted.colours]).toEqual([1, NO_VALUE]);
  expect(painted.palette[1]).toEqual(rgbOfHsl(codeColour(1, 'light')));
});

it('runs a scale from its darkest to its brightest end', () => {
  const painted = paintedBy(
    { kind: 'scale', low: -1, high: 1, of: encoded([0, NO_VALUE - 1, NO_VALUE]) },
    'margin',
    'dark',
  );
  expect(painted.palette[painted.colours[0] as number]).toEqual(rampAt(0));
  expect(painted.palette[painted.colours[1] as number]).toEqual(rampAt(1));
  expect(painted.palette[painted.colours[2] as number]).toBeUndefined();
});
