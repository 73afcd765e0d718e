/** Which screen is open, kept in the address (`#/annotate?pair=12`) so that back and reload work. */
import { create } from 'zustand';

const SCREENS = ['library', 'annotate', 'train', 'codes', 'playground', 'settings'] as const;
export type ScreenName = (typeof SCREENS)[number];
export type ScreenParams = Readonly<Record<string, string>>;

export interface Place {
  readonly screen: ScreenName;
  readonly params: ScreenParams;
}

/** `#/codes?run=3` as a place; anything else is the library. */
export function parsePlace(hash: string): Place {
  const match = /^#\/([a-z]+)(?:\?(.*))?$/.exec(hash);
  const screen = SCREENS.find((name) => name === match?.[1]) ?? 'library';
  return { screen, params: Object.fromEntries(new URLSearchParams(match?.[2] ?? '')) };
}

export function formatPlace(screen: ScreenName, params: ScreenParams = {}): string {
  const query = new URLSearchParams(params).toString();
  return `#/${screen}${query === '' ? '' : `?${query}`}`;
}

const startPlace = (): Place =>
  typeof window === 'undefined' ? parsePlace('') : parsePlace(window.location.hash);

export const useScreen = create<Place>(startPlace);

/** Opens a screen: `navigate('codes', { run: '3' })`. */
export function navigate(screen: ScreenName, params: ScreenParams = {}): void {
  window.location.hash = formatPlace(screen, params);
}

/** Follows the address; returns the stop function. */
export function followAddress(): () => void {
  const follow = () => useScreen.setState(parsePlace(window.location.hash), true);
  follow();
  window.addEventListener('hashchange', follow);
  return () => window.removeEventListener('hashchange', follow);
}
