/** Labels that those of other prompts contradict: judged, kept beside the run, and decided again. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabelScope } from '#core/agreement.ts';
import type { AuditedLabel } from '#core/jobs.ts';
import type { ReplyKey } from '#core/preference.ts';
import { FacetError, unwrap } from '#core/result.ts';
import { isMissing } from '#disk/failures.ts';
import { readJsonLines } from '#disk/lines.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { type Audit, type AuditItem, type AuditRow, MOST_AUDITED } from '#shared/auditEntities.ts';
import type { Inputs } from '#shared/contract.ts';
import type { PassFrame } from '#shared/dataEntities.ts';
import type { AuditPairs } from '../audit/auditPairs.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { FrameQueue } from '../compute/FrameQueue.ts';
import { inTransaction } from '../data/transaction.ts';
import type { WorkList } from '../work/WorkList.ts';
import type { Connection } from './Connection.ts';
import type { ModelService } from './modelService.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';
import { passes } from './passes.ts';
import { drawnLeft, shownItem } from './readQueue.ts';
import { runDirectory } from './runCheckpoint.ts';

export interface AuditService {
  /** Throws `runs.unknown`, `models.gone`, `audit.…`; what was found before stays where it is stopped. */
  make(runId: number, signal?: AbortSignal): AsyncGenerator<PassFrame<Audit>, void>;
  stored(runId: number): Promise<Audit | null>;
  item(who: Connection, pairId: number): Promise<AuditItem>;
  decide(who: Connection, request: Inputs['audit']['decide']): Promise<void>;
}

/** Prompts are dealt into so many parts; each is judged by a fit to the others. */
const FOLDS = 5;

type Found = Omit<Audit, 'rows'> & {
  readonly rows: readonly (Pick<AuditRow, 'pairId' | 'margin'> & { readonly label: ReplyKey })[];
};

const placeOf = (project: OpenProject, runId: number): string =>
  join(runDirectory(project, runId), 'audit.json');

async function readFound(path: string): Promise<Found | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Found;
  } catch (error) {
    if (isMissing(error)) return null;
    throw new FacetError({
      code: 'audit.unreadable',
      message: 'What the last audit of this run found cannot be read.',
      fix: 'Make it again.',
      where: { file: path },
    });
  }
}

/** What a person decides again is to be seen, also of a run that read labels of files alone. */
const shownScope = (labels: LabelScope): LabelScope =>
  labels === 'imported' ? 'people-then-imported' : labels;

export function auditService(
  current: CurrentProject,
  compute: ComputeClient,
  models: ModelService,
  work: WorkList,
): AuditService {
  const pass = passes(current, work);

  async function pairsOf(project: OpenProject, runId: number, path: string, signal: AbortSignal) {
    const { selection } = project.runs.get(runId);
    for await (const frame of pass('audit', { selection, path }, signal))
      if (frame.type === 'done') return frame.result;
    signal.throwIfAborted();
    return null;
  }

  async function judge(
    project: OpenProject,
    runId: number,
    signal: AbortSignal,
    report: (done: number, total: number) => void,
  ): Promise<void> {
    const { config, modelId } = project.runs.get(runId);
    const model = models.get(modelId);
    if (!model.exists)
      throw new FacetError({
        code: 'models.gone',
        message: `The folder of ${model.name} no longer exists: ${model.path}.`,
        fix: 'Put it back, or add the model from its new place.',
        where: { file: model.path },
      });
    const folder = join(project.filesDir, 'audits', `${runId}-${process.hrtime.bigint()}`);
    const [datasetPath, outputPath] = [join(folder, 'pairs.jsonl'), join(folder, 'audit.jsonl')];
    await mkdir(folder, { recursive: true });
    try {
      const pairs = await pairsOf(project, runId, datasetPath, signal);
      if (pairs === null || pairs.pairIds.length === 0)
        throw new FacetError({
          code: 'audit.no-labels',
          message: 'No pair of the run’s selection has a label that prefers one reply.',
          fix: 'Label some pairs first.',
        });
      const result = unwrap(
        await compute.run<'audit'>(
          {
            kind: 'audit',
            ...{ config, datasetPath, outputPath, runDir: folder, folds: FOLDS, limit: MOST_AUDITED },
            modelDir: model.path,
            cacheDir: join(project.filesDir, 'cache'),
          },
          {
            stop: signal,
            onFrame: (frame) => {
              if (frame.type === 'phase') report(frame.done, frame.total);
            },
          },
        ),
      );
      const found: Found = {
        ...{ runId, at: new Date().toISOString(), folds: FOLDS, pairs: result.pairs },
        leftOut: result.leftOut + pairs.unreadable,
        contradicted: result.contradicted,
        rows: await rankedRows(outputPath, pairs),
      };
      await mkdir(runDirectory(project, runId), { recursive: true });
      await writeFileAtomic(placeOf(project, runId), [JSON.stringify(found)]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async function stored(project: OpenProject, runId: number): Promise<Audit | null> {
    const { selection } = project.runs.get(runId);
    const found = await readFound(placeOf(project, runId));
    if (found === null) return null;
    const ids = found.rows.map(({ pairId }) => pairId);
    const now = new Map(
      (await project.reader.ask('labelsNow', ids, shownScope(selection.labels))).map((row) => [
        row.pairId,
        row,
      ]),
    );
    return {
      ...found,
      rows: found.rows.flatMap(({ pairId, margin, label }) => {
        const row = now.get(pairId);
        if (!row) return [];
        const { decidedAt, ...shown } = row;
        const decided = decidedAt !== null && decidedAt > found.at;
        return [{ ...shown, label, margin, probability: 1 / (1 + Math.exp(-margin)), decided }];
      }),
    };
  }

  return {
    async *make(runId, signal) {
      const project = current.require();
      project.runs.get(runId);
      const frames = new FrameQueue<PassFrame<Audit>>();
      const left = new AbortController();
      const stop = AbortSignal.any([left.signal, project.closing.signal, ...(signal ? [signal] : [])]);
      const running = judge(project, runId, stop, (done, total) =>
        frames.push({ type: 'progress', done, total }),
      ).finally(() => frames.end());
      project.track(running);
      try {
        yield* frames.read();
        await running;
        const result = await stored(project, runId);
        if (result !== null) yield { type: 'done', result };
      } finally {
        left.abort();
      }
    },
    stored: (runId) => stored(current.require(), runId),
    item: async (who, pairId) => {
      const project = current.require();
      const annotatorId = who.require(project);
      return project.writer.write(() =>
        inTransaction(project.database, () => {
          // No pair of that number is said so before a side is drawn for it.
          project.annotations.texts(pairId);
          drawnLeft(project, pairId, annotatorId);
          return { annotatorId, pair: { ...shownItem(project, pairId, annotatorId), revealed: null } };
        }),
      );
    },
    decide: async (who, { verdict, ...decision }) => {
      const project = current.require();
      who.requireAs(project, decision.annotatorId);
      await project.writer.write(() =>
        inTransaction(project.database, () => {
          if (project.history.knows(decision.requestId)) return;
          project.annotations.texts(decision.pairId);
          project.history.decide({
            ...decision,
            decision: verdict,
            at: new Date().toISOString(),
            guidelinesId: project.guidelines.current().id,
          });
          // Others said otherwise: who looks again has seen what they said, and settles it.
          if (project.adjudications.othersDiffer(decision.pairId, decision.annotatorId, verdict))
            project.adjudications.mark(decision.requestId);
          project.queue.changed(decision.annotatorId, decision.pairId);
        }),
      );
    },
  };
}

async function rankedRows(path: string, { pairIds, prefersB }: AuditPairs): Promise<Found['rows']> {
  const labels = new Map([...pairIds].map((id, place) => [id, prefersB[place] === 1 ? 'b' : 'a'] as const));
  const rows: Found['rows'][number][] = [];
  for await (const row of readJsonLines(path, (value) => value as AuditedLabel)) {
    const pairId = Number(row.pairId);
    rows.push({ pairId, margin: row.margin, label: labels.get(pairId) ?? 'a' });
  }
  return rows;
}
