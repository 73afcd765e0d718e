import { ScreenBar } from '../../components/ScreenBar.tsx';

export function StartScreen() {
  return <ScreenBar title="Facet" />;
}
