/** Passes over the open project: listed among all work, ended with it, and followed while they run. */
import type { PassFrame } from '#shared/dataEntities.ts';
import { FrameQueue } from '../compute/FrameQueue.ts';
import type { Passes, PassName } from '../pass/protocol.ts';
import { runPass } from '../pass/runPass.ts';
import type { WorkList } from '../work/WorkList.ts';
import type { CurrentProject } from './OpenProject.ts';

const TITLES: { readonly [K in PassName]: string } = {
  agreement: 'Agreement of annotators',
  audit: 'Labels for an audit',
  backup: 'Backup of the project',
  check: 'Check of the project file',
  export: 'Export of pairs',
  statistics: 'Statistics',
  map: 'Picture of prompts',
  compare: 'Comparison of two runs',
  duplicates: 'Search for near-duplicates',
  labels: 'Labels that made a code',
  leakage: 'Search for leaked prompts',
};

/** Runs a pass; one that is left before its end is ended. */
export function passes(current: CurrentProject, work: WorkList) {
  return async function* pass<K extends PassName>(
    name: K,
    ask: Passes[K]['ask'],
    signal?: AbortSignal,
  ): AsyncGenerator<PassFrame<Passes[K]['answer']>, void> {
    const project = current.require();
    const frames = new FrameQueue<PassFrame<Passes[K]['answer']>>();
    const left = new AbortController();
    const signals = [left.signal, project.closing.signal, ...(signal ? [signal] : [])];
    const running = work
      .track(TITLES[name], AbortSignal.any(signals), (stop, report) =>
        runPass({ name, projectPath: project.path, ask }, project.writer, stop, (done, total) => {
          report(done, total);
          frames.push({ type: 'progress', done, total });
        }),
      )
      .finally(() => frames.end());
    project.track(running);
    try {
      yield* frames.read();
      yield { type: 'done', result: await running };
    } finally {
      left.abort();
    }
  };
}
