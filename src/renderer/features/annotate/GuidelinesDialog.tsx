import { Button, Modal } from '@mantine/core';
import type { Project } from '#shared/entities.ts';
import { GuidelinesForm } from '../../components/GuidelinesForm.tsx';
import { Prose } from '../../components/prose/Prose.tsx';
import { setGuidelinesDraft, useGuidelinesDraft } from '../../state/guidelinesDraft.ts';
import { useIsOwner } from '../../state/me.ts';
import css from './annotate.module.css';

interface Props {
  readonly opened: boolean;
  readonly project: Project;
  readonly onClose: () => void;
}

/** The project's guidelines, read and written; what is being written survives closing. */
export function GuidelinesDialog({ opened, project, onClose }: Props) {
  const draft = useGuidelinesDraft(project.path);
  const { guidelines } = project.settings;
  const isOwner = useIsOwner();
  const none = guidelines.trim() === '';
  return (
    <Modal opened={opened} onClose={onClose} title="Guidelines" size="lg">
      {draft !== null ? (
        <GuidelinesForm project={project} draft={draft} autoFocus />
      ) : (
        <div className="stack">
          <div className={css.guidelines}>
            {none ? (
              <p className="muted" style={{ margin: 0 }}>
                {isOwner
                  ? 'No guidelines yet. Say what makes one reply better than the other, so that everyone decides alike.'
                  : 'Nobody has written guidelines yet.'}
              </p>
            ) : (
              <Prose text={guidelines} />
            )}
          </div>
          {isOwner && (
            <div className="row">
              <span className="grow" />
              <Button
                onClick={() => setGuidelinesDraft(project.path, { text: guidelines, from: guidelines })}
              >
                {none ? 'Write them' : 'Edit'}
              </Button>
            </div>
          )}
        </div>
      )}
    </Modal>
  );
}
