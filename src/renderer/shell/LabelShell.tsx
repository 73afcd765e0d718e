import { spotlight } from '@mantine/spotlight';
import { useEffect } from 'react';
import type { Me } from '#shared/peopleEntities.ts';
import { useConnection } from '../api/connection.ts';
import { Chip } from '../components/Chip.tsx';
import { Keycap } from '../components/Keycap.tsx';
import { AnnotateScreen } from '../features/annotate/AnnotateScreen.tsx';
import { useProject } from '../state/project.ts';
import { followAddress, navigate } from '../state/screen.ts';
import { CommandPalette } from './CommandPalette.tsx';
import { ConnectionNotice } from './ConnectionNotice.tsx';
import { DamageNotice } from './DamageNotice.tsx';
import { Logo } from './Logo.tsx';
import { PersonMenu } from './PersonMenu.tsx';
import { SavedChip } from './SavedChip.tsx';
import { ScreenBoundary } from './ScreenBoundary.tsx';
import css from './shell.module.css';

/** The page of a personal link, or one that was handed to somebody: own work, the queue and the guidelines, and nothing else. */
export function LabelShell({ me }: { readonly me: Me }) {
  const project = useProject();
  const phase = useConnection(({ state }) => state.phase);
  useEffect(followAddress, []);
  useEffect(() => {
    document.title = 'Annotate · Facet';
  }, []);
  return (
    <div className={css.labelApp}>
      <header className={css.header}>
        <Logo />
        <div className={css.crumb}>
          <b className="ellipsis">{project?.name ?? 'Facet'}</b>
        </div>
        <button type="button" className={css.command} aria-keyshortcuts="Control+K" onClick={spotlight.open}>
          <span className="ellipsis">Run a command</span>
          <Keycap>Ctrl K</Keycap>
        </button>
        {me.role === 'adjudicator' && (
          <Chip
            title="Pairs on which people differ"
            onClick={() => navigate('annotate', { disagreements: '1' })}
          >
            Disagreements
          </Chip>
        )}
        <SavedChip />
        {me.bound !== null &&
          (me.maySwitch ? (
            <PersonMenu name={me.bound.name} />
          ) : (
            <Chip title="This page came by your own link: all verdicts on it are yours">{me.bound.name}</Chip>
          ))}
      </header>
      <main className={css.main} aria-label="Annotate">
        <ConnectionNotice />
        <DamageNotice project={project} />
        <ScreenBoundary name="Annotate">
          <AnnotateScreen />
        </ScreenBoundary>
      </main>
      <footer className={css.foot}>
        <span>
          <span className={css.dot} data-phase={phase} aria-hidden="true" />
          {phase === 'open' ? 'Ready' : phase === 'lost' ? 'Disconnected' : 'Connecting…'}
        </span>
        <span className="grow" />
        <span>{me.role === 'adjudicator' ? 'Adjudicator' : 'Annotator'}</span>
      </footer>
      <CommandPalette places={false} />
    </div>
  );
}
