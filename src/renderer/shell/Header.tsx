import { spotlight } from '@mantine/spotlight';
import { Keycap } from '../components/Keycap.tsx';
import { useProject } from '../state/project.ts';
import { AnnotatorMenu } from './AnnotatorMenu.tsx';
import { Logo } from './Logo.tsx';
import { ProjectMenu } from './ProjectMenu.tsx';
import { SavedChip } from './SavedChip.tsx';
import css from './shell.module.css';

export function Header({ screenLabel }: { readonly screenLabel: string }) {
  const project = useProject();
  return (
    <header className={css.header}>
      <Logo />
      <div className={css.crumb}>
        {project ? (
          <>
            <ProjectMenu project={project} />
            <span aria-hidden="true">/</span>
            <b>{screenLabel}</b>
          </>
        ) : (
          <b>Facet</b>
        )}
      </div>
      <button type="button" className={css.command} aria-keyshortcuts="Control+K" onClick={spotlight.open}>
        <span className="ellipsis">Search or run a command</span>
        <Keycap>Ctrl K</Keycap>
      </button>
      {project && (
        <>
          <SavedChip />
          <AnnotatorMenu />
        </>
      )}
    </header>
  );
}
