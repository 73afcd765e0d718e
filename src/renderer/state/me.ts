/** Who this page is to main: its role, and the person whose link it came by. */
import { create } from 'zustand';
import type { Failure } from '#core/result.ts';
import type { Me } from '#shared/peopleEntities.ts';

interface Known {
  /** Null until main has said. */
  readonly me: Me | null;
  /** Why the page is not let in. */
  readonly refused: Failure | null;
}

const OWNER: Me = { role: 'owner', bound: null, maySwitch: true };

/** The window belongs to whoever sits at it. */
export const useMe = create<Known>(() => ({
  me: window.facet?.host === 'window' ? OWNER : null,
  refused: null,
}));

/** Whether all of the workbench is this page's; others see own work, the queue and the guidelines. */
export const useIsOwner = (): boolean => useMe(({ me }) => me?.role === 'owner');
