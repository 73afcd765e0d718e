import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { MAP_EDGE, NO_VALUE } from '#shared/codeMap.ts';
import type { Run } from '#shared/entities.ts';
import type { MapMotion } from '#shared/mapMotion.ts';
import { api } from '../../../api/client.ts';
import { ScatterMap } from '../../../charts/scatter/ScatterMap.tsx';
import { CodeSwatch } from '../../../components/Code.tsx';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { formatCount, formatShare, plural } from '../../../format.ts';
import { codeColour } from '../../../theme/codeColour.ts';
import { useColourScheme } from '../../../theme/useColourScheme.ts';
import { isActive } from '../../train/runWords.ts';
import css from '../codes.module.css';
import { uint16sOf } from './encoded.ts';
import mapCss from './map.module.css';
import { mutedOf, rgbOfHsl } from './mapPalette.ts';
import { motionAt } from './motion.ts';
import { useMotionPlace } from './useMotionPlace.ts';

interface Props {
  readonly run: Run;
  readonly names: ReadonlyMap<number, string>;
  /** How often a run that trains is asked for its newest evaluation. */
  readonly lookMs: number;
}

/** Held-out prompts as points in one plane, from evaluation to evaluation; the newest is gone to while the run trains. */
export function MotionMap({ run, names, lookMs }: Props) {
  const { data, error, refetch } = useQuery({
    ...api.codes.motion.queryOptions({ input: { runId: run.id } }),
    refetchInterval: isActive(run) ? lookMs : false,
  });
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (data) return <Moving run={run} motion={data} names={names} />;
  if (data === undefined) return null;
  return (
    <p className="muted" style={{ margin: 0, padding: 'var(--s4)' }}>
      {isActive(run)
        ? 'Its prompts appear here after its first evaluation.'
        : 'No evaluation of this run has kept what its codes were.'}
    </p>
  );
}

interface MovingProps extends Pick<Props, 'run' | 'names'> {
  readonly motion: MapMotion;
}

function Moving({ run, motion, names }: MovingProps) {
  const { codes, steps, promptIds, previews, explained } = motion;
  const scheme = useColourScheme();
  const place = useMotionPlace(steps.length);
  const kept = useMemo(
    () => ({
      rows: promptIds.length,
      places: uint16sOf(motion.places),
      strongest: uint16sOf(motion.strongest),
    }),
    [motion, promptIds],
  );
  const now = useMemo(() => motionAt(kept, place.at), [kept, place.at]);
  const points = useMemo(
    () => ({
      places: now.places,
      colours: now.strongest,
      palette: Array.from({ length: codes }, (_, code) => rgbOfHsl(codeColour(code, scheme))),
      muted: mutedOf(scheme),
      chosen: null,
    }),
    [now, codes, scheme],
  );
  const words = useMemo(
    () => Array.from({ length: codes }, (_, code) => names.get(code) ?? String(code)),
    [codes, names],
  );
  const step = steps[place.wanted] ?? 0;
  return (
    <div className={mapCss.pane}>
      <div className={css.head}>
        <Button size="compact-xs" disabled={steps.length < 2 || place.isPlaying} onClick={place.play}>
          Play
        </Button>
        <input
          type="range"
          className={mapCss.steps}
          aria-label="Evaluation"
          aria-valuetext={`step ${formatCount(step)}`}
          min={0}
          max={Math.max(0, steps.length - 1)}
          step={1}
          value={place.wanted}
          onChange={({ currentTarget }) => place.goTo(Number(currentTarget.value))}
        />
        <span className="small num" aria-live="polite">
          Step {formatCount(step)}
          {place.wanted === steps.length - 1 && isActive(run) && ', the newest'}
        </span>
      </div>
      <ScatterMap
        points={points}
        edge={MAP_EDGE}
        names={words}
        tool="move"
        contours={false}
        label={`${plural(promptIds.length, 'held-out prompt')} at step ${step}. Arrow keys move, plus and minus zoom, 0 shows all`}
        tip={(row) => (
          <div className="stack" style={{ gap: 4 }}>
            <span style={{ overflowWrap: 'anywhere' }}>{previews[row]}</span>
            <CodeSwatch code={now.strongest[row] ?? NO_VALUE} />
          </div>
        )}
        onRow={() => undefined}
        onArea={() => undefined}
        onClear={() => undefined}
      />
      <div className={css.foot}>
        {plural(promptIds.length, 'held-out prompt')} at {plural(steps.length, 'evaluation')}, coloured by
        strongest code. One plane for all of them, by PCA of √p(z|x): it holds{' '}
        {formatShare(explained[0] + explained[1], 0)} of how prompts differ and move, and turns when an
        evaluation is added.
      </div>
    </div>
  );
}
