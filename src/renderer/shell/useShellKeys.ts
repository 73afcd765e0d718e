import { useEffect } from 'react';
import { overlayOpen, takesText } from '../components/keys.ts';
import { navigate } from '../state/screen.ts';
import { screens } from './screens.tsx';

const SEQUENCE_MS = 900;

/** Alt+1…6 and `g` then a letter open the screens, from anywhere. */
export function useShellKeys(): void {
  useEffect(() => {
    let leaderAt = Number.NEGATIVE_INFINITY;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey) return;
      if (event.altKey) {
        const screen = screens[Number(event.code.replace('Digit', '')) - 1];
        if (screen === undefined) return;
        event.preventDefault();
        navigate(screen.name);
        return;
      }
      if (takesText(event.target) || overlayOpen()) return;
      const letter = event.key.toLowerCase();
      const afterLeader = event.timeStamp - leaderAt < SEQUENCE_MS;
      leaderAt = letter === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const screen = afterLeader ? screens.find((entry) => entry.letter === letter) : undefined;
      if (screen === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      navigate(screen.name);
    };
    // In the capture phase, so that `g s` does not also skip a pair.
    window.addEventListener('keydown', press, true);
    return () => window.removeEventListener('keydown', press, true);
  }, []);
}
