/** Choices about this person's own view, kept in this browser or window. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export interface Preferences {
  /** Show what the file and others said once a verdict stands. */
  readonly showLabelAfterVerdict: boolean;
  readonly replyText: 'markdown' | 'source';
  /** Scrolling one reply moves the other by the same share of its height. */
  readonly scrollTogether: boolean;
  /** The guidelines stand beside the pair. */
  readonly guidelinesOpen: boolean;
  /** Of that pane, pixels. */
  readonly guidelinesWidth: number;
  /** Say when it is time for a break. */
  readonly remindOfBreaks: boolean;
}

const FIRST: Preferences = {
  showLabelAfterVerdict: true,
  replyText: 'markdown',
  scrollTogether: true,
  guidelinesOpen: false,
  guidelinesWidth: 340,
  remindOfBreaks: true,
};

export const usePreferences = create<Preferences>()(
  persist((): Preferences => FIRST, { name: 'facet-preferences' }),
);

export function setPreferences(changes: Partial<Preferences>): void {
  usePreferences.setState(changes);
}
