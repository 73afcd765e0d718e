import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Project } from '#shared/entities.ts';
import { GuidelineChanges } from '../../components/guidelines/GuidelineChanges.tsx';
import { GuidelinesForm } from '../../components/guidelines/GuidelinesForm.tsx';
import { GuidelineVersions } from '../../components/guidelines/GuidelineVersions.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Prose } from '../../components/prose/Prose.tsx';
import { PaneSection, SidePane } from '../../components/SidePane.tsx';
import { formatMoment } from '../../format.ts';
import { setGuidelinesDraft, useGuidelinesDraft } from '../../state/guidelinesDraft.ts';
import { useIsOwner } from '../../state/me.ts';
import { useCap } from './keys/keyStore.ts';

interface Props {
  readonly project: Project;
  /** The version that whoever labels was last told of, where what came since is asked for. */
  readonly since: number | null;
  readonly onClose: () => void;
}

interface Compared {
  readonly before: number;
  readonly after: number;
}

/** The guidelines beside the pair: read by everybody, written by the owner, with every version and what changed in it. */
export function GuidelinesPane({ project, since, onClose }: Props) {
  const draft = useGuidelinesDraft(project.path);
  const isOwner = useIsOwner();
  const cap = useCap();
  const { number, savedAt } = project.guidelines;
  const news = since === null || since >= number ? null : { before: since, after: number };
  const [chosen, setChosen] = useState<Compared | 'text' | null>(null);
  const compared = chosen === 'text' ? null : (chosen ?? news);
  return (
    <SidePane label="Guidelines" onEscape={onClose}>
      <div className="row">
        <span className="small muted num grow">
          Version {number} · {formatMoment(savedAt)}
        </span>
        <KeyButton size="xs" variant="subtle" color="gray" keyName={cap('guidelines')} onClick={onClose}>
          Close
        </KeyButton>
      </div>
      {draft !== null && isOwner ? (
        <GuidelinesForm project={project} draft={draft} autoFocus />
      ) : compared !== null ? (
        <Comparison compared={compared} onLeave={() => setChosen('text')} />
      ) : (
        <Reading project={project} isOwner={isOwner} onCompare={setChosen} />
      )}
    </SidePane>
  );
}

function Comparison({ compared, onLeave }: { readonly compared: Compared; readonly onLeave: () => void }) {
  const { before, after } = compared;
  return (
    <PaneSection label={`What changed from version ${before} to ${after}`}>
      <div className="stack">
        <GuidelineChanges before={before} after={after} />
        <Button size="xs" onClick={onLeave}>
          Read the guidelines
        </Button>
      </div>
    </PaneSection>
  );
}

interface ReadingProps {
  readonly project: Project;
  readonly isOwner: boolean;
  readonly onCompare: (compared: Compared) => void;
}

function Reading({ project, isOwner, onCompare }: ReadingProps) {
  const { guidelines } = project.settings;
  const none = guidelines.trim() === '';
  return (
    <>
      {none ? (
        <p className="muted" style={{ margin: 0 }}>
          {isOwner
            ? 'No guidelines yet. Say what makes one reply better than the other, so that everyone decides alike.'
            : 'Nobody has written guidelines yet.'}
        </p>
      ) : (
        <Prose text={guidelines} />
      )}
      {isOwner && (
        <Button
          size="xs"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => setGuidelinesDraft(project.path, { text: guidelines, from: guidelines })}
        >
          {none ? 'Write them' : 'Edit'}
        </Button>
      )}
      <PaneSection label="Versions">
        <GuidelineVersions onCompare={(before, after) => onCompare({ before, after })} />
      </PaneSection>
    </>
  );
}
