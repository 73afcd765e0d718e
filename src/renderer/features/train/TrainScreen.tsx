import { ScreenBar } from '../../components/ScreenBar.tsx';

export function TrainScreen() {
  return <ScreenBar title="Train" />;
}
