import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

/** From one evaluation to the next. */
const MOVE_MS = 700;

/** Which evaluation is shown, 0 the first, and how it is gone to: the newest is followed until another is chosen. */
export function useMotionPlace(evaluations: number) {
  const last = Math.max(0, evaluations - 1);
  const [goal, setGoal] = useState<number | null>(null);
  const [at, setAt] = useState(last);
  const isStill = useReducedMotion(false, { getInitialValueInEffect: false });
  const wanted = Math.min(last, goal ?? last);
  const atNow = useRef(at);
  atNow.current = at;
  useEffect(() => {
    if (isStill) {
      setAt(wanted);
      return;
    }
    let asked = 0;
    let before = performance.now();
    const move = (now: number): void => {
      const left = wanted - atNow.current;
      const stride = (now - before) / MOVE_MS;
      before = now;
      const next = Math.abs(left) <= stride ? wanted : atNow.current + Math.sign(left) * stride;
      atNow.current = next;
      setAt(next);
      if (next !== wanted) asked = requestAnimationFrame(move);
    };
    if (atNow.current !== wanted) asked = requestAnimationFrame(move);
    return () => cancelAnimationFrame(asked);
  }, [wanted, isStill]);
  return {
    at,
    /** The evaluation that it moves to. */
    wanted,
    isPlaying: at !== wanted,
    goTo: (place: number) => {
      setGoal(place >= last ? null : place);
      setAt(place);
    },
    /** From the first evaluation to the newest. */
    play: () => {
      setAt(isStill ? last : 0);
      atNow.current = 0;
      setGoal(null);
    },
  };
}
