import { useScreen } from '../../state/screen.ts';
import { StatisticsScreen } from '../statistics/StatisticsScreen.tsx';
import { LibraryScreen } from './LibraryScreen.tsx';

/** The Library by the view that the address names. */
export function LibraryRoom() {
  const view = useScreen(({ params }) => params.view);
  return view === 'statistics' ? <StatisticsScreen /> : <LibraryScreen />;
}
