import { useQuery } from '@tanstack/react-query';
import type { Download } from '#shared/policyEntities.ts';
import { api } from '../api/client.ts';
import { useConnection } from '../api/connection.ts';
import { ProgressLine } from '../components/ProgressLine.tsx';
import { shareOf } from '../features/models/hubWords.ts';
import { formatShare, plural } from '../format.ts';
import { useProject } from '../state/project.ts';
import { useStatusLine } from '../state/status.ts';
import css from './shell.module.css';
import { WorkMenu } from './WorkMenu.tsx';

export function Foot() {
  const phase = useConnection(({ state }) => state.phase);
  const { engine, activity, progress } = useStatusLine();
  // Read where a screen has asked; asking here would start the compute process with the window.
  const engines = useQuery(api.engines.list.queryOptions({ input: { probe: false }, enabled: false }));
  const ready = engines.data?.engines.filter(({ available }) => available).length;
  const idle = ready === undefined ? 'Ready' : `Ready · ${plural(ready, 'engine')}`;
  return (
    <footer className={css.foot}>
      <span>
        <span className={css.dot} data-phase={phase} aria-hidden="true" />
        {phase === 'open' ? (engine ?? idle) : phase === 'lost' ? 'Disconnected' : 'Connecting…'}
      </span>
      {activity !== null && <span className="ellipsis">{activity}</span>}
      {activity !== null && progress !== null && (
        <span className={css.footProgress}>
          <ProgressLine value={progress} label={activity} />
        </span>
      )}
      <WorkMenu />
      <span className="grow" />
      <Network />
    </footer>
  );
}

const WATCH_MS = 3_000;

/** Whether anything crosses the network: only what a person started, downloads and jobs sent to a cluster. */
function Network() {
  const hasProject = Boolean(useProject());
  const jobs = useQuery(api.jobs.list.queryOptions({ retry: false, enabled: hasProject }));
  const sent = hasProject ? jobs.data?.find(({ ray, runId }) => ray !== null && runId === null)?.ray : null;
  const downloads = useQuery(
    api.hub.downloads.queryOptions({
      retry: false,
      refetchInterval: ({ state }) => (state.data?.some(isMoving) ? WATCH_MS : false),
    }),
  );
  const moving = downloads.data?.filter(isMoving) ?? [];
  const [first] = moving;
  if (first === undefined && sent) return <span>A job was sent to {new URL(sent.address).host}</span>;
  if (first === undefined) return <span>Offline · nothing leaves this machine</span>;
  const share = shareOf(first);
  return (
    <span>
      Downloading {moving.length > 1 ? `${moving.length} models` : first.repo}
      {moving.length === 1 && share !== null && ` · ${formatShare(share, 0)}`}
    </span>
  );
}

const isMoving = ({ state }: Download): boolean => state === 'running';
