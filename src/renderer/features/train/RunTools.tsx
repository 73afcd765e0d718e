import { Button, NativeSelect, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { methodName } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { navigate } from '../../state/screen.ts';
import { hasCodes } from '../codes/whyNoCodes.ts';
import { canTalk } from '../playground/policies.ts';
import { ExportDialog } from './ExportDialog.tsx';
import { plainBaseline } from './form/presets.ts';
import { DeleteRun, RunWords } from './RunWords.tsx';
import { baselineOf, configLine, isActive } from './runWords.ts';
import { SaveFigures } from './SaveFigures.tsx';
import css from './train.module.css';
import { runStarted } from './useRuns.ts';

interface Props {
  readonly run: Run;
  readonly runs: readonly Run[];
  readonly compared: Run | null;
}

const openRun = (runId: number, comparedId: number | null) =>
  navigate('train', { run: String(runId), ...(comparedId === null ? {} : { compare: String(comparedId) }) });

/** What can be done with a run: compare it, give it its baseline, look at its codes. */
export function RunTools({ run, runs, compared }: Props) {
  const [exportOpen, exporting] = useDisclosure(false);
  return (
    <div className={css.toolbar}>
      <NativeSelect
        size="xs"
        className={css.choice ?? ''}
        aria-label="Compare with another run"
        value={compared ? String(compared.id) : ''}
        onChange={({ currentTarget }) =>
          openRun(run.id, currentTarget.value ? Number(currentTarget.value) : null)
        }
        data={[
          { value: '', label: 'Compare with…' },
          ...runs
            .filter(({ id }) => id !== run.id)
            .map(({ id, name, config }) => ({ value: String(id), label: `${name}: ${configLine(config)}` })),
        ]}
      />
      {run.config.latent !== null && run.state === 'finished' && <Baseline run={run} runs={runs} />}
      {hasCodes(run) && (
        <Button size="xs" onClick={() => navigate('codes', { run: String(run.id) })}>
          Look at its codes
        </Button>
      )}
      {canTalk(run) && (
        <>
          <Button size="xs" onClick={() => navigate('playground', { run: String(run.id) })}>
            Talk to it
          </Button>
          <Button size="xs" onClick={exporting.open}>
            Take it elsewhere…
          </Button>
          <ExportDialog run={run} opened={exportOpen} onClose={exporting.close} />
        </>
      )}
      <SaveFigures key={`figures ${run.id}`} run={run} />
      <span className="grow" />
      <RunWords key={run.id} run={run} />
      {!isActive(run) && <DeleteRun run={run} />}
      <Button
        size="xs"
        variant="subtle"
        onClick={() => navigate('train', { new: 'form', from: String(run.id) })}
      >
        New run like it
      </Button>
    </div>
  );
}

/** The run that LPC has to beat: one press makes it, afterwards it is set beside. */
function Baseline({ run, runs }: { readonly run: Run; readonly runs: readonly Run[] }) {
  const queries = useQueryClient();
  const config = plainBaseline(run.config);
  const made = baselineOf(runs, run, config);
  const busy = runs.some(isActive);
  const start = useMutation(
    api.runs.start.mutationOptions({
      onSuccess: (baseline) => {
        runStarted(queries, baseline);
        openRun(baseline.id, run.id);
      },
    }),
  );
  if (made)
    return (
      <Button size="xs" onClick={() => openRun(run.id, made.id)}>
        Compare with its baseline, {made.name}
      </Button>
    );
  const says = `${methodName(config)} on the same pairs, seed ${config.seed}${
    config.trainable === run.config.trainable ? '' : '; a plain run has no heads, so it trains LoRA'
  }`;
  return (
    <>
      <Tooltip label={busy ? 'Waits until the current run has ended' : says}>
        <Button
          size="xs"
          loading={start.isPending}
          disabled={busy}
          onClick={() =>
            start.mutate({
              name: `${run.name} baseline`,
              modelId: run.modelId,
              config,
              selection: run.selection,
            })
          }
        >
          Run plain baseline, same seed
        </Button>
      </Tooltip>
      <ErrorCard error={start.error} />
    </>
  );
}
