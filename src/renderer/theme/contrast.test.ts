import { describe, expect, it } from 'vitest';
import { type ColourRole, darkRoles, lightRoles } from './roles.ts';

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2 contrast ratio of two colours. */
function contrast(one: string, other: string): number {
  const [hi = 0, lo = 0] = [luminance(one), luminance(other)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}

const textOn: Partial<Record<ColourRole, readonly ColourRole[]>> = {
  text: ['bg', 'surface', 'raised', 'sunken', 'accent-soft', 'differs'],
  muted: ['bg', 'surface', 'raised', 'sunken', 'accent-soft', 'differs'],
  faint: ['bg', 'surface', 'raised', 'sunken'],
  'accent-text': ['surface', 'bg', 'accent-soft', 'sunken'],
  'on-accent': ['accent', 'accent-hover'],
  good: ['surface', 'good-soft'],
  bad: ['surface', 'bad-soft'],
  warn: ['surface', 'warn-soft'],
};

const pairs = Object.entries(textOn).flatMap(([text, grounds]) =>
  grounds.map((ground) => [text as ColourRole, ground] as const),
);

describe.each([
  ['light', lightRoles],
  ['dark', darkRoles],
] as const)('%s roles', (_, roles) => {
  it.each(pairs)('%s on %s reads at 4.5 : 1', (text, ground) => {
    expect(contrast(roles[text], roles[ground])).toBeGreaterThanOrEqual(4.5);
  });
});
