import { Tooltip } from '@mantine/core';
import { formatPlace, type ScreenName } from '../state/screen.ts';
import { screens } from './screens.tsx';
import css from './shell.module.css';

interface Props {
  readonly current: ScreenName;
  readonly projectOpen: boolean;
}

export function Rail({ current, projectOpen }: Props) {
  return (
    <nav className={css.rail} aria-label="Screens">
      {screens.map(({ name, label, short, letter, icon: Icon, needsProject }, index) => {
        const idle = needsProject && !projectOpen && name !== 'library';
        return (
          <Tooltip key={name} label={`${label} · Alt ${index + 1} · g ${letter}`} position="right">
            <a
              href={formatPlace(name)}
              aria-current={name === current ? 'page' : undefined}
              aria-keyshortcuts={`Alt+${index + 1}`}
              {...(idle ? { 'aria-disabled': true, tabIndex: -1 } : {})}
            >
              <Icon size={18} stroke={1.6} />
              {short ?? label}
            </a>
          </Tooltip>
        );
      })}
    </nav>
  );
}
