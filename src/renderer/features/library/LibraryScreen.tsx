import { ScreenBar } from '../../components/ScreenBar.tsx';

export function LibraryScreen() {
  return <ScreenBar title="Library" />;
}
