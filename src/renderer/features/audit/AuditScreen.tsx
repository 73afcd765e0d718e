import { Button, Select } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { AuditRow } from '#shared/auditEntities.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard, FailureCard } from '../../components/FailureCard.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { formatCount, formatMoment, formatShare, plural } from '../../format.ts';
import { useDrawnCommands } from '../../state/commands.ts';
import { usePreferences } from '../../state/preferences.ts';
import { useProject } from '../../state/project.ts';
import { navigate } from '../../state/screen.ts';
import { type Choice, choiceOf } from '../annotate/actions.ts';
import { choiceCommands, choiceKeys } from '../annotate/deskKeys.ts';
import { useCap, useKeyMap } from '../annotate/keys/keyStore.ts';
import { PairView } from '../annotate/PairView.tsx';
import { useFlash } from '../annotate/useFlash.ts';
import { useVisibleTimer } from '../annotate/useVisibleTimer.ts';
import { VerdictBar } from '../annotate/VerdictBar.tsx';
import { LibraryViews } from '../library/LibraryViews.tsx';
import { useRuns } from '../train/useRuns.ts';
import { AuditList } from './AuditList.tsx';
import css from './audit.module.css';
import { makeAudit, making, useAudit, useRedecide, useRetrain } from './useAudit.ts';
import { isOpen, probabilityWords, reasonOf } from './words.ts';

/** Up to which probability labels are listed. */
const LIMITS = [0.01, 0.05, 0.1, 0.25, 0.5] as const;
const NONE: readonly AuditRow[] = [];

/** Labels that a fit without them contradicts: looked at again, decided again, or left out of a new run. */
export function AuditScreen() {
  const path = useProject()?.path;
  const runs = useRuns().data ?? [];
  const [asked, setAsked] = useState<number | null>(null);
  const runId = asked ?? runs[0]?.id ?? null;
  const [limit, setLimit] = useState<number>(0.25);
  const [chosen, setChosen] = useState<number | null>(null);
  const stored = useAudit(runId);
  const { share, failure, ask } = making.use();
  const audit = stored.data ?? null;
  const rows = (audit?.rows ?? NONE).filter(({ probability }) => probability < limit);
  const current = rows.find(({ pairId }) => pairId === chosen) ?? rows.find(isOpen) ?? rows[0] ?? null;
  const pairId = current?.pairId ?? null;
  const { item, decide, undo, canUndo } = useRedecide(runId, pairId);
  const retrain = useRetrain(runId);
  const { replyText: as } = usePreferences();
  const flash = useFlash();
  const [left, right] = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)];
  const readVisibleMs = useVisibleTimer(pairId);
  const open = rows.filter(isOpen);
  const busy = decide.isPending || undo.isPending || retrain.isPending;
  const shown = item.data?.pair.pairId === pairId ? item.data.pair : null;
  const move = (by: number): void => {
    const place = rows.findIndex((row) => row.pairId === pairId) + by;
    const next = rows[Math.min(Math.max(place, 0), rows.length - 1)];
    if (next) setChosen(next.pairId);
  };
  const choose = (choice: Choice): void => {
    if (shown === null || busy) return;
    flash.show(choice);
    if (choice === 'skip') move(1);
    else decide.mutate({ choice, durationMs: readVisibleMs() }, { onSuccess: () => move(1) });
  };
  const takeBack = (): void =>
    undo.mutate(undefined, { onSuccess: (back) => back !== null && setChosen(back) });
  const keys = useKeyMap();
  const cap = useCap();
  useScreenKeys({
    j: () => move(1),
    k: () => move(-1),
    ...Object.fromEntries(keys.undo.map((key) => [key, () => canUndo && !busy && takeBack()])),
    ...choiceKeys(keys, choose),
  });
  const make = () => path !== undefined && runId !== null && void makeAudit(path, runId);
  const retrainOpen = (): void => retrain.mutate(open.map((row) => row.pairId));
  const retrainWords = `Retrain without these ${formatCount(open.length)}`;
  const makeWords = audit === null ? 'Audit the labels' : 'Audit again';
  useDrawnCommands([
    ...(shown === null
      ? []
      : [
          ...choiceCommands(cap, choose),
          { id: 'next', label: 'Next label', keyName: 'J', run: () => move(1) },
          { id: 'previous', label: 'Previous label', keyName: 'K', run: () => move(-1) },
        ]),
    ...(canUndo && !busy ? [{ id: 'undo', label: 'Undo', keyName: cap('undo'), run: takeBack }] : []),
    ...(runId !== null && share === null ? [{ id: 'audit', label: makeWords, run: make }] : []),
    ...(open.length > 0 && !busy ? [{ id: 'retrain', label: retrainWords, run: retrainOpen }] : []),
  ]);
  const standing = current?.now ?? null;
  return (
    <div className={css.screen}>
      <ScreenBar
        title="Library"
        actions={
          <>
            <Button
              disabled={open.length === 0 || busy}
              loading={retrain.isPending}
              title="They are excluded, which the Library can undo, and the form of a run like this one opens"
              onClick={retrainOpen}
            >
              {retrainWords}
            </Button>
            {share === null ? (
              <Button
                variant={audit === null ? 'filled' : 'default'}
                disabled={runId === null}
                onClick={make}
              >
                {makeWords}
              </Button>
            ) : (
              <Button onClick={making.cancel}>Cancel</Button>
            )}
          </>
        }
      >
        <LibraryViews current="audit" />
        <span className="small muted num" role="status">
          {share === null ? '' : `Judging labels… ${formatShare(share, 0)}`}
        </span>
      </ScreenBar>
      <div>
        {share !== null && <ProgressLine value={share} label="Audit of labels" />}
        <div className="row" style={{ flexWrap: 'wrap', padding: 'var(--s2) var(--s4)' }}>
          <Select
            size="xs"
            aria-label="Labels of the run"
            placeholder="No run yet"
            allowDeselect={false}
            value={runId === null ? null : String(runId)}
            onChange={(id) => setAsked(id === null ? null : Number(id))}
            data={runs.map(({ id, name }) => ({ value: String(id), label: name }))}
          />
          <Select
            size="xs"
            aria-label="Labels less likely than"
            allowDeselect={false}
            value={String(limit)}
            onChange={(value) => setLimit(Number(value ?? limit))}
            data={LIMITS.map((most) => ({ value: String(most), label: `less likely than ${100 * most} %` }))}
          />
          {audit !== null && (
            <span className="small muted num">
              {`${plural(rows.length, 'label')}, ${formatCount(open.length)} open; ${formatCount(audit.contradicted)} of ${formatCount(audit.pairs)} contradicted by the others · ${formatMoment(audit.at)}`}
            </span>
          )}
          <KeyButton
            variant="subtle"
            color="gray"
            keyName={cap('undo')}
            disabled={!canUndo || busy}
            onClick={takeBack}
          >
            Undo
          </KeyButton>
        </div>
        {failure !== null && ask === runId && <FailureCard failure={failure} onRetry={make} />}
        <ErrorCard error={stored.error ?? item.error} />
      </div>
      {current === null ? (
        <EmptyState
          icon={<IconChecks />}
          title={
            runId === null
              ? 'No run yet'
              : audit === null
                ? 'Labels not looked at yet'
                : 'Nothing this unlikely'
          }
        >
          {runId === null ? (
            <>
              An audit judges each label by codes that were fitted without it.{' '}
              <Button size="compact-xs" onClick={() => navigate('train')}>
                Train a run first
              </Button>
            </>
          ) : audit === null ? (
            'An audit judges each label by codes that were fitted to the labels of other prompts, and lists those that they contradict most.'
          ) : (
            `No label is less likely than ${probabilityWords(limit)} by those of other prompts.`
          )}
        </EmptyState>
      ) : (
        <div className={css.body}>
          <AuditList rows={rows} current={pairId} onChoose={setChosen} />
          <div className={css.work}>
            {shown !== null && (
              <>
                <span className="small muted num">
                  {`The label prefers the ${choiceOf(current.label, shown.left.key)} reply: ${reasonOf(current)}`}
                </span>
                <PairView
                  item={shown}
                  as={as}
                  tall={false}
                  diffOn={false}
                  standing={standing === null ? null : choiceOf(standing, shown.left.key)}
                  left={left}
                  right={right}
                  writing={null}
                  onWrite={null}
                />
              </>
            )}
          </div>
        </div>
      )}
      <div>
        {current !== null && (
          <VerdictBar
            flash={flash}
            standing={standing === null || shown === null ? null : choiceOf(standing, shown.left.key)}
            strength={null}
            scale="none"
            disabled={shown === null || busy}
            onChoose={choose}
          />
        )}
      </div>
    </div>
  );
}
