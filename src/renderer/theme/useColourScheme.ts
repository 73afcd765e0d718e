import { useComputedColorScheme } from '@mantine/core';
import type { ColourScheme } from './codeColour.ts';

/** The scheme in force now, the system's where the person follows it. */
export function useColourScheme(): ColourScheme {
  return useComputedColorScheme('light', { getInitialValueInEffect: false });
}
