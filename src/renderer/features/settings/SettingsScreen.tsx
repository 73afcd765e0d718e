import { ScreenBar } from '../../components/ScreenBar.tsx';
import { useProject } from '../../state/project.ts';
import { AboutSection } from './AboutSection.tsx';
import { EnginesSection } from './EnginesSection.tsx';
import { LabellingSection } from './LabellingSection.tsx';
import { LookSection } from './LookSection.tsx';
import { ProjectSection } from './ProjectSection.tsx';
import css from './settings.module.css';

export function SettingsScreen() {
  const project = useProject();
  return (
    <div className={css.screen}>
      <ScreenBar title="Settings" />
      <div className={css.body}>
        <LookSection />
        {project && <LabellingSection />}
        {project && <ProjectSection key={project.path} project={project} />}
        <EnginesSection />
        <AboutSection />
      </div>
    </div>
  );
}
