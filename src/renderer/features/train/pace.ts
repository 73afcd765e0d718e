/** Time left from the steps seen lately, so that a change of pace is followed. Pure. */

export interface Sighting {
  readonly step: number;
  readonly atMs: number;
}

const KEPT = 6;

/** Sightings with a new one added; a run that starts anew forgets the old ones. */
export function sight(sightings: readonly Sighting[], next: Sighting): readonly Sighting[] {
  const last = sightings.at(-1);
  if (last && next.step < last.step) return [next];
  if (last && next.step === last.step) return sightings;
  return [...sightings, next].slice(-KEPT);
}

/** Milliseconds for the steps that are left; null until two sightings lie apart. Step 0 is preparation. */
export function msLeft(sightings: readonly Sighting[], totalSteps: number): number | null {
  const moving = sightings.filter(({ step }) => step > 0);
  const [first, last] = [moving[0], moving.at(-1)];
  if (!first || !last || last.step === first.step) return null;
  return ((last.atMs - first.atMs) / (last.step - first.step)) * (totalSteps - last.step);
}
