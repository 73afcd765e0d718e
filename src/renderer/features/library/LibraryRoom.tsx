import { useScreen } from '../../state/screen.ts';
import { AgreementScreen } from '../agreement/AgreementScreen.tsx';
import { AuditScreen } from '../audit/AuditScreen.tsx';
import { DuplicatesScreen } from '../duplicates/DuplicatesScreen.tsx';
import { StatisticsScreen } from '../statistics/StatisticsScreen.tsx';
import { LibraryScreen } from './LibraryScreen.tsx';

/** The Library by the view that the address names. */
export function LibraryRoom() {
  const view = useScreen(({ params }) => params.view);
  if (view === 'statistics') return <StatisticsScreen />;
  if (view === 'agreement') return <AgreementScreen />;
  if (view === 'audit') return <AuditScreen />;
  return view === 'duplicates' ? <DuplicatesScreen /> : <LibraryScreen />;
}
