import type { CSSProperties } from 'react';
import type { VerdictRules } from '#core/verdictAttributes.ts';
import type { AnnotationItem } from '#shared/entities.ts';
import { ResizeHandle } from '../../components/ResizeHandle.tsx';
import { setPreferences, usePreferences } from '../../state/preferences.ts';
import { useProject } from '../../state/project.ts';
import type { DeskKind } from './actions.ts';
import css from './annotate.module.css';
import { GuidelinesPane } from './GuidelinesPane.tsx';
import { HistoryPane } from './HistoryPane.tsx';
import type { Told } from './sessionView.ts';
import type { DeskPaneState } from './useDeskPane.ts';

interface Props {
  readonly pane: DeskPaneState;
  readonly item: AnnotationItem | undefined;
  readonly last: Told | null;
  /** The last verdict is on disk. */
  readonly lastSaved: boolean;
  readonly kind: DeskKind;
  readonly rules: VerdictRules;
  readonly onChangeKeys: () => void;
}

/** Pixels. */
const WIDTHS = { min: 240, max: 640 };

/** What stands beside the pair: its history and the keys, or the guidelines at the width that somebody gave them. */
export function DeskPane({ pane, item, last, lastSaved, kind, rules, onChangeKeys }: Props) {
  const { guidelinesWidth: width } = usePreferences();
  const project = useProject();
  if (pane.shown === 'guidelines' && project)
    return (
      <div
        className={css.paneSlot}
        data-pane="guidelines"
        style={{ '--pane-width': `min(${width}px, 45vw)` } as CSSProperties}
      >
        <ResizeHandle
          label="Width of the guidelines"
          width={width}
          {...WIDTHS}
          onChange={(guidelinesWidth) => setPreferences({ guidelinesWidth })}
        />
        <GuidelinesPane
          key={`${project.path}:${pane.since}`}
          project={project}
          since={pane.since}
          onClose={pane.toggleGuidelines}
        />
      </div>
    );
  if (pane.shown === null) return null;
  return (
    <div className={css.paneSlot}>
      <HistoryPane
        current={item}
        last={last}
        lastSaved={lastSaved}
        kind={kind}
        rules={rules}
        onChangeKeys={onChangeKeys}
      />
    </div>
  );
}
