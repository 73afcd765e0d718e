import { useEffect, useRef } from 'react';
import { useConnection } from '../api/connection.ts';
import { Loading } from '../components/Loading.tsx';
import { StartScreen } from '../features/start/StartScreen.tsx';
import { useRunStatus } from '../features/train/useRunStatus.ts';
import { useMe } from '../state/me.ts';
import { useProject, useProjectCheck } from '../state/project.ts';
import { followAddress, useScreen } from '../state/screen.ts';
import { followWork } from '../state/work.ts';
import { CommandPalette } from './CommandPalette.tsx';
import { ConnectionNotice } from './ConnectionNotice.tsx';
import { DamageNotice } from './DamageNotice.tsx';
import { Foot } from './Foot.tsx';
import { Header } from './Header.tsx';
import { LabelShell } from './LabelShell.tsx';
import { Outside } from './Outside.tsx';
import { Rail } from './Rail.tsx';
import { ScreenBoundary } from './ScreenBoundary.tsx';
import { screens } from './screens.tsx';
import css from './shell.module.css';
import { useGreeting } from './useGreeting.ts';
import { useShellKeys } from './useShellKeys.ts';

/** What a page shows is its role's: the whole workbench, or the desk alone. */
export function Shell() {
  const me = useMe((state) => state.me);
  if (me === null) return <Outside />;
  return me.role === 'owner' ? <Workbench /> : <LabelShell me={me} />;
}

/** Header, rail, the open screen, foot. */
function Workbench() {
  const { screen } = useScreen();
  const project = useProject();
  const main = useRef<HTMLElement>(null);
  useEffect(followAddress, []);
  useEffect(followWork, []);
  useShellKeys();
  useGreeting(project);
  useProjectCheck(project);
  useRunStatus(project !== null && project !== undefined);
  const entry = screens.find(({ name }) => name === screen) ?? screens[0];
  const label = entry?.label ?? '';
  useEffect(() => {
    document.title = `${label} · Facet`;
    // The keyboard lands in the new screen, as after a page change.
    main.current?.focus({ preventScroll: true });
  }, [label]);
  if (entry === undefined) return null;
  const View = entry.view;
  return (
    <div className={css.app}>
      <button type="button" className={css.skip} onClick={() => main.current?.focus()}>
        Skip to the screen
      </button>
      <Header screenLabel={entry.label} />
      <Rail current={entry.name} projectOpen={project !== null && project !== undefined} />
      <main ref={main} className={css.main} tabIndex={-1} aria-label={entry.label}>
        <ConnectionNotice />
        <DamageNotice project={project} />
        <ScreenBoundary key={`${entry.name}:${project?.path ?? ''}`} name={entry.label}>
          <Body needsProject={entry.needsProject} view={View} />
        </ScreenBoundary>
      </main>
      <Foot />
      <CommandPalette />
    </div>
  );
}

interface BodyProps {
  readonly needsProject: boolean;
  readonly view: React.ComponentType;
}

function Body({ needsProject, view: View }: BodyProps) {
  const project = useProject();
  const phase = useConnection(({ state }) => state.phase);
  if (!needsProject) return <View />;
  if (project === undefined)
    return <Loading label={phase === 'open' ? 'Opening…' : 'Connecting to Facet…'} />;
  return project === null ? <StartScreen /> : <View />;
}
