import type { Project } from '#shared/entities.ts';
import { navigate } from '../state/screen.ts';
import css from './shell.module.css';

/** Says that the project is read-only because its file is damaged, and leads to the backups. */
export function DamageNotice({ project }: { readonly project: Project | null | undefined }) {
  if (!project || project.damage.length === 0) return null;
  return (
    <div className={css.lost} role="alert">
      <span className="grow" title={project.damage.join('\n')}>
        The project file is damaged. You can look and export, but nothing is written to it any more; verdicts
        that you give are kept beside it.
      </span>
      <button type="button" onClick={() => navigate('settings', { part: 'backups' })}>
        Show its backups
      </button>
    </div>
  );
}
