import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { insideAreas } from '#core/layout/areas.ts';
import { MAP_EDGE, type MapColour, type MapRegion, type MapSettings } from '#shared/codeMap.ts';
import { api } from '../../../api/client.ts';
import { CONTOUR_SHARES } from '../../../charts/scatter/contours.ts';
import { ScatterMap, type Tool } from '../../../charts/scatter/ScatterMap.tsx';
import { ErrorCard, FailureCard } from '../../../components/FailureCard.tsx';
import { Loading } from '../../../components/Loading.tsx';
import { ProgressLine } from '../../../components/ProgressLine.tsx';
import { formatCount, plural } from '../../../format.ts';
import { useColourScheme } from '../../../theme/useColourScheme.ts';
import css from '../codes.module.css';
import type { CodesOf } from '../useHeatMap.ts';
import { MapBar } from './MapBar.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapTip } from './MapTip.tsx';
import mapCss from './map.module.css';
import { paintedBy } from './mapPalette.ts';
import { faithWords, METHOD_LABELS } from './mapWords.ts';
import { usePromptMap } from './usePromptMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly names: ReadonlyMap<number, string>;
  readonly region: MapRegion | null;
  readonly onRegion: (region: MapRegion | null) => void;
  readonly onPrompt: (promptId: number) => void;
}

const CONTOUR_WORDS = `Lines hold the densest ${CONTOUR_SHARES.map((share) => formatCount(100 * share)).join(', ')} % of what is seen.`;

/** Prompts as points: near each other where their codes, or what the prior reads of them, are alike. */
export function PromptMap({ of, names, region, onRegion, onPrompt }: Props) {
  const [settings, setSettings] = useState<MapSettings>({ method: 'pca', features: 'codes', seed: 0 });
  const [by, setBy] = useState<MapColour>('code');
  const [tool, setTool] = useState<Tool>('lasso');
  const [contours, setContours] = useState(false);
  const scheme = useColourScheme();
  const { map, share, failure, layOut, cancel } = usePromptMap(of, settings);
  const data = map.data ?? null;
  const colours = useQuery({
    ...api.codes.mapColours.queryOptions({ input: { ...of, settings, by } }),
    enabled: data !== null,
  });
  const change = (next: Partial<MapSettings>) => {
    onRegion(null);
    setSettings({ ...settings, ...next });
  };
  // A plane takes seconds at most: nobody need ask for it.
  const isMissing = map.data === null && share === null && failure === null && settings.method === 'pca';
  useEffect(() => {
    if (isMissing) void layOut();
  });
  const chosen = useMemo(
    () =>
      region && data && region.fingerprint === data.fingerprint
        ? insideAreas(region.areas, data.places)
        : null,
    [region, data],
  );
  const painted = useMemo(
    () => (colours.data ? paintedBy(colours.data, by, scheme) : null),
    [colours.data, by, scheme],
  );
  const points = useMemo(
    () =>
      data && painted && painted.colours.length === data.rows
        ? { ...painted, places: data.places, chosen }
        : null,
    [data, painted, chosen],
  );
  const shownNames = useMemo(
    () =>
      painted?.names && by === 'code'
        ? painted.names.map((code) => names.get(Number(code)) ?? code)
        : (painted?.names ?? null),
    [painted, by, names],
  );
  return (
    <div className={mapCss.pane}>
      <MapBar
        settings={settings}
        onSettings={change}
        by={by}
        onBy={setBy}
        tool={tool}
        onTool={setTool}
        contours={contours}
        onContours={setContours}
      />
      {share !== null && (
        <div className={css.head} role="status">
          <span className="small num">
            Laying prompts out by {METHOD_LABELS[settings.method]}… {Math.floor(100 * share)} %
          </span>
          <span className="grow" style={{ minWidth: '6rem' }}>
            <ProgressLine value={share} label="Laying prompts out" />
          </span>
          <Button size="compact-xs" onClick={cancel}>
            Cancel
          </Button>
        </div>
      )}
      {failure && <FailureCard failure={failure} />}
      <ErrorCard
        error={map.error ?? colours.error}
        onRetry={() => void Promise.all([map.refetch(), colours.refetch()])}
      />
      {map.data === null && share === null && (
        <div className={css.head}>
          <span className="small">
            {settings.method === 'pca'
              ? 'These prompts are not laid out yet.'
              : `${METHOD_LABELS[settings.method]} with seed ${settings.seed} is not laid out yet: up to a minute for 20,000 prompts.`}
          </span>
          <Button size="compact-xs" variant="filled" onClick={() => void layOut()}>
            Lay out
          </Button>
        </div>
      )}
      {points && data ? (
        <>
          <ScatterMap
            points={points}
            edge={MAP_EDGE}
            names={shownNames}
            tool={tool}
            contours={contours}
            label={`${plural(data.rows, 'prompt')} laid out by ${METHOD_LABELS[settings.method]}. Arrow keys move, plus and minus zoom, 0 shows all, Enter selects what is seen, Escape selects nothing`}
            tip={(row) => <MapTip of={of} promptId={data.promptIds[row] ?? 0} />}
            onRow={(row) => onPrompt(data.promptIds[row] ?? 0)}
            onArea={(area, add) =>
              onRegion({
                settings,
                fingerprint: data.fingerprint,
                areas: [...(add && region ? region.areas : []), [...area]],
              })
            }
            onClear={() => onRegion(null)}
          />
          <MapLegend told={colours.data} painted={points} names={shownNames} />
          <div className={css.foot}>
            {data.rows < data.prompts &&
              `${formatCount(data.rows)} of ${plural(data.prompts, 'prompt')}, ${settings.features === 'state' ? 'those whose states were kept' : 'drawn at random'}. `}
            {faithWords(data)} {contours && `${CONTOUR_WORDS} `}Drag around prompts to select them, with Shift
            to add; wheel, + or −: zoom.
          </div>
        </>
      ) : (
        share === null &&
        map.data !== null &&
        !map.error &&
        !colours.error && <Loading label="Reading the picture…" />
      )}
    </div>
  );
}
