import { IconFilePlus, IconFolderOpen, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { DropZone } from '../../components/DropZone.tsx';
import { FailureCard } from '../../components/FailureCard.tsx';
import { Keycap } from '../../components/Keycap.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { BackupList } from '../backups/BackupList.tsx';
import { Mark } from './Mark.tsx';
import { NameDialog, type NameRequest } from './NameDialog.tsx';
import { RecentProjects } from './RecentProjects.tsx';
import css from './start.module.css';
import { useOpenProject } from './useOpenProject.ts';

/** No project is open: the sample first, then one's own. */
export function StartScreen() {
  const [asking, setAsking] = useState<NameRequest | null>(null);
  const projects = useOpenProject(setAsking);
  useScreenKeys({
    s: projects.openSample,
    n: projects.createNew,
    o: projects.openOther ?? undefined,
  });
  return (
    <div className={css.screen}>
      <div className={css.inner}>
        <header className={css.title}>
          <Mark className={css.mark} />
          <div>
            <h1>Facet</h1>
            <p>Label preference pairs, train on them, see the codes that fire. All on this machine.</p>
          </div>
        </header>
        {projects.failure !== null && <FailureCard failure={projects.failure} />}
        {projects.unopened !== null && (
          <section className={`card ${css.backups}`} aria-label="Backups of this project">
            <BackupList path={projects.unopened} onRestored={projects.restored} />
          </section>
        )}
        <div className={css.actions}>
          <button
            type="button"
            className={css.action}
            data-primary
            disabled={projects.busy !== null}
            onClick={projects.openSample}
          >
            <b>
              <IconPlayerPlay size={18} stroke={1.6} aria-hidden="true" />
              {projects.busy === 'sample' ? 'Making the sample…' : 'Open the sample'} <Keycap>S</Keycap>
            </b>
            <span className={css.note}>Pairs and a small model: the whole loop in five minutes</span>
          </button>
          <button
            type="button"
            className={css.action}
            disabled={projects.busy !== null}
            onClick={projects.createNew}
          >
            <b>
              <IconFilePlus size={18} stroke={1.6} aria-hidden="true" /> New project <Keycap>N</Keycap>
            </b>
            <span className={css.note}>One file holds labels, runs and codes</span>
          </button>
          {projects.openOther !== null && (
            <button
              type="button"
              className={css.action}
              disabled={projects.busy !== null}
              onClick={projects.openOther}
            >
              <b>
                <IconFolderOpen size={18} stroke={1.6} aria-hidden="true" /> Open project <Keycap>O</Keycap>
              </b>
              <span className={css.note}>An existing .facet file</span>
            </button>
          )}
        </div>
        <RecentProjects busy={projects.busy !== null} onOpen={projects.openPath} />
        <p className="small faint" style={{ margin: 0 }}>
          Or drop a file here: a .facet project opens; a file of pairs starts a new project with it.
        </p>
      </div>
      <NameDialog
        request={asking}
        onClose={() => setAsking(null)}
        onSubmit={projects.submitName}
        busy={projects.busy !== null}
      />
      <DropZone label="Drop a project or files of pairs" onFiles={projects.openDropped} />
    </div>
  );
}
