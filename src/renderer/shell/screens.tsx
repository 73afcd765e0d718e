/** The rail's screens, in its order. */
import {
  IconAdjustmentsHorizontal,
  IconChartLine,
  IconColumns2,
  IconLayoutGrid,
  IconList,
  IconPlayerPlay,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { AnnotateScreen } from '../features/annotate/AnnotateScreen.tsx';
import { CodesScreen } from '../features/codes/CodesScreen.tsx';
import { LibraryRoom } from '../features/library/LibraryRoom.tsx';
import { PlaygroundScreen } from '../features/playground/PlaygroundScreen.tsx';
import { SettingsScreen } from '../features/settings/SettingsScreen.tsx';
import { TrainScreen } from '../features/train/TrainScreen.tsx';
import type { ScreenName } from '../state/screen.ts';

export interface ScreenEntry {
  readonly name: ScreenName;
  readonly label: string;
  /** On the rail, where the label is too wide for it. */
  readonly short?: string;
  /** Opens it after `g`. */
  readonly letter: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly view: ComponentType;
  readonly needsProject: boolean;
}

export const screens: readonly ScreenEntry[] = [
  { name: 'library', label: 'Library', letter: 'l', icon: IconList, view: LibraryRoom, needsProject: true },
  {
    name: 'annotate',
    label: 'Annotate',
    letter: 'a',
    icon: IconColumns2,
    view: AnnotateScreen,
    needsProject: true,
  },
  { name: 'train', label: 'Train', letter: 't', icon: IconChartLine, view: TrainScreen, needsProject: true },
  { name: 'codes', label: 'Codes', letter: 'c', icon: IconLayoutGrid, view: CodesScreen, needsProject: true },
  {
    name: 'playground',
    label: 'Playground',
    short: 'Play',
    letter: 'p',
    icon: IconPlayerPlay,
    view: PlaygroundScreen,
    needsProject: true,
  },
  {
    name: 'settings',
    label: 'Settings',
    letter: 's',
    icon: IconAdjustmentsHorizontal,
    view: SettingsScreen,
    needsProject: false,
  },
];
