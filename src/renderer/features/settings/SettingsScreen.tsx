import { ScreenBar } from '../../components/ScreenBar.tsx';

export function SettingsScreen() {
  return <ScreenBar title="Settings" />;
}
