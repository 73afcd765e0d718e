import { useEffect, useRef } from 'react';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { useProject } from '../../state/project.ts';
import { useScreen } from '../../state/screen.ts';
import { BackupSection } from '../backups/BackupSection.tsx';
import { HubSection } from '../models/HubSection.tsx';
import { ModelShelf } from '../models/ModelShelf.tsx';
import { PeopleSection } from '../people/PeopleSection.tsx';
import { AboutSection } from './AboutSection.tsx';
import { EnginesSection } from './EnginesSection.tsx';
import { KeysSection } from './KeysSection.tsx';
import { LabellingSection } from './LabellingSection.tsx';
import { LookSection } from './LookSection.tsx';
import { ProjectSection } from './ProjectSection.tsx';
import css from './settings.module.css';

export function SettingsScreen() {
  const project = useProject();
  const { params } = useScreen();
  const models = useRef<HTMLDivElement>(null);
  const backups = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parts = { models, backups };
    if (params.part === 'models' || params.part === 'backups')
      parts[params.part].current?.scrollIntoView({ block: 'start' });
  }, [params.part]);
  return (
    <div className={css.screen}>
      <ScreenBar title="Settings" />
      <div className={css.body}>
        <LookSection />
        {project && <LabellingSection />}
        <KeysSection />
        {project && <PeopleSection key={`people:${project.path}`} project={project} />}
        {project && <ProjectSection key={project.path} project={project} />}
        {project && (
          <div ref={backups} className={css.part}>
            <BackupSection key={project.path} />
          </div>
        )}
        <div ref={models} className={css.part}>
          {project && <ModelShelf />}
          <HubSection />
        </div>
        <EnginesSection />
        <AboutSection />
      </div>
    </div>
  );
}
