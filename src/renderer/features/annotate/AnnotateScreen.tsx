import { ScreenBar } from '../../components/ScreenBar.tsx';

export function AnnotateScreen() {
  return <ScreenBar title="Annotate" />;
}
