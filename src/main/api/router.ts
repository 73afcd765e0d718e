import { homedir, totalmem } from 'node:os';
import { implement, type Router as RouterOf } from '@orpc/server';
import { contract } from '#shared/contract.ts';
import type { Connection } from '../services/Connection.ts';
import type { Services } from '../services/createServices.ts';
import { type FailureErrors, typedError } from './failures.ts';
import type { Host } from './Host.ts';
import { pathsNamedBy } from './namedPaths.ts';
import { networkPaths } from './networkPaths.ts';
import { openLicences } from './openLicences.ts';
import { forRole, noMachine, ownProject } from './restricted.ts';
import { storeUpload } from './uploads.ts';

export interface RouterOptions {
  readonly services: Services;
  readonly host: Host;
  readonly version: string;
  readonly userDataDir: string;
  readonly log: (line: string) => void;
}

/** What each call is made with: the line that it came on. */
interface CallContext {
  readonly connection: Connection;
}

interface StreamCall<Input> {
  readonly input: Input;
  readonly signal?: AbortSignal | undefined;
  readonly context: CallContext;
  readonly errors: FailureErrors;
}

/** The contract over the services. Handlers only adapt. */
export function createRouter({ services, host, version, userDataDir, log }: RouterOptions): Router {
  const {
    project,
    library,
    data,
    annotate,
    people,
    adjudication,
    ratings,
    audit,
    gold,
    guidelines,
    models,
    runs,
    sweeps,
    jobs,
    codes,
    playground,
    hub,
    ray,
    work,
    engines,
  } = services;
  const api = implement(contract)
    .$context<CallContext>()
    .use(async ({ next, errors, path, context }, input) => {
      try {
        people.authorise(context.connection, path);
        const { paths } = context.connection;
        if (paths !== null)
          for (const named of pathsNamedBy(path.join('.'), input)) await paths.require(named);
        return await next();
      } catch (error) {
        throw typedError(error, errors, log, project.noteDamage);
      }
    });
  const network = networkPaths(services, userDataDir);
  /** What a call names, as it may be named on the line that it came on. */
  const named = <T>({ connection }: CallContext, asked: T, allowed: (asked: T) => T): T =>
    connection.isRemote ? allowed(asked) : asked;
  /** A failure in the middle of a stream crosses as one before it does: the middleware sees only how it begins. */
  const streamed = <Input, Frame>(
    open: (input: Input, signal: AbortSignal | undefined, context: CallContext) => AsyncIterable<Frame>,
  ) =>
    async function* ({ input, signal, errors, context }: StreamCall<Input>): AsyncGenerator<Frame, void> {
      try {
        yield* open(input, signal, context);
      } catch (error) {
        throw typedError(error, errors, log, project.noteDamage);
      }
    };
  return api.router({
    project: {
      current: api.project.current.handler(({ context }) =>
        forRole(context.connection, project.current(), ownProject),
      ),
      recent: api.project.recent.handler(() => project.recent()),
      create: api.project.create.handler(({ input: { path, name }, context }) =>
        project.create({ path: named(context, path, () => network.newProject(name)), name }),
      ),
      open: api.project.open.handler(({ input, context }) =>
        project.open(named(context, input.path, network.project)),
      ),
      openSample: api.project.openSample.handler(() => project.openSample()),
      close: api.project.close.handler(async () => {
        await project.close();
        return null;
      }),
      checked: api.project.checked.handler(() => project.checked()),
      backups: api.project.backups.handler(({ input: { path }, context }) =>
        project.backups(path && named(context, path, network.project)),
      ),
      backUp: api.project.backUp.handler(() => project.backUp()),
      restore: api.project.restore.handler(({ input: { path, backup }, context }) =>
        project.restore(path && named(context, path, network.project), backup),
      ),
      updateSettings: api.project.updateSettings.handler(({ input }) => project.updateSettings(input)),
    },
    library: {
      sources: api.library.sources.handler(() => library.sources()),
      inputs: api.library.inputs.handler(({ input, context }) =>
        library.inputs(input.paths.map((path) => named(context, path, network.upload))),
      ),
      preview: api.library.preview.handler(({ input: { file, ...options }, context }) =>
        library.preview(named(context, file, network.upload), options),
      ),
      import: api.library.import.handler(
        streamed(({ file, ...options }, signal, context) =>
          library.import(named(context, file, network.upload), signal, options),
        ),
      ),
      setAside: api.library.setAside.handler(() => library.setAside()),
      removeSetAside: api.library.removeSetAside.handler(({ input }) =>
        library.removeSetAside(input.pairIds),
      ),
      count: api.library.count.handler(async ({ input, context, signal }) => ({
        total: await library.count(input, context.connection, signal),
      })),
      rows: api.library.rows.handler(
        ({ input: { sort, fields, measures, offset, limit, ...filter }, context, signal }) =>
          library.rows(filter, offset, limit, context.connection, { sort, fields, measures }, signal),
      ),
      progress: api.library.progress.handler(async ({ input, context }) => ({
        share: await library.progress(input, context.connection),
      })),
      ids: api.library.ids.handler(({ input, context }) => library.ids(input, context.connection)),
      change: api.library.change.handler(({ input, context }) => library.change(input, context.connection)),
      undoChange: api.library.undoChange.handler(({ input, context }) =>
        library.undoChange(input.changeId, context.connection),
      ),
      lastChange: api.library.lastChange.handler(({ context }) => library.latest(context.connection)),
      tags: api.library.tags.handler(() => library.tags()),
      choices: api.library.choices.handler(() => library.choices()),
      figures: api.library.figures.handler(() => library.figures()),
      showFigures: api.library.showFigures.handler(({ input }) => library.showFigures(input)),
      details: api.library.details.handler(({ input, context }) =>
        library.details(input.pairId, context.connection),
      ),
      views: api.library.views.handler(() => library.views()),
      saveView: api.library.saveView.handler(({ input }) => library.saveView(input)),
      removeView: api.library.removeView.handler(({ input }) => library.removeView(input.id)),
      pair: api.library.pair.handler(({ input, context }) => library.pair(input.pairId, context.connection)),
      statusCounts: api.library.statusCounts.handler(({ input, context, signal }) =>
        library.statusCounts(input, context.connection, signal),
      ),
    },
    data: {
      compare: api.data.compare.handler(streamed((input, signal) => data.compare(input, signal))),
      export: api.data.export.handler(
        streamed((input, signal, context) =>
          data.export({ ...input, out: named(context, input.out, network.noPlace) }, signal),
        ),
      ),
      searchDuplicates: api.data.searchDuplicates.handler(
        streamed(({ threshold }, signal) => data.searchDuplicates(threshold, signal)),
      ),
      duplicateSummary: api.data.duplicateSummary.handler(() => data.duplicateSummary()),
      duplicateGroups: api.data.duplicateGroups.handler(({ input: { kind, from, limit } }) =>
        data.duplicateGroups(kind, from, limit),
      ),
      leakage: api.data.leakage.handler(streamed((input, signal) => data.leakage(input, signal))),
      agreement: api.data.agreement.handler(streamed((input, signal) => data.agreement(input, signal))),
      statistics: api.data.statistics.handler(streamed((_, signal) => data.statistics(signal))),
      file: api.data.file.handler(({ input }) => data.file(input.path)),
    },
    annotate: {
      annotators: api.annotate.annotators.handler(({ context }) => annotate.annotators(context.connection)),
      identify: api.annotate.identify.handler(({ input, context }) =>
        annotate.identify(context.connection, input),
      ),
      rename: api.annotate.rename.handler(({ input, context }) => annotate.rename(context.connection, input)),
      queue: api.annotate.queue.handler(({ input, context }) => annotate.queue(context.connection, input)),
      decide: api.annotate.decide.handler(({ input, context }) => annotate.decide(context.connection, input)),
      write: api.annotate.write.handler(({ input, context }) => annotate.write(context.connection, input)),
      scoreOpen: api.annotate.scoreOpen.handler(
        streamed((input, signal) => annotate.scoreOpen(input, signal)),
      ),
      undo: api.annotate.undo.handler(({ input, context }) => annotate.undo(context.connection, input)),
      redo: api.annotate.redo.handler(({ input, context }) => annotate.redo(context.connection, input)),
      unsaved: api.annotate.unsaved.handler(({ context }) => annotate.unsaved(context.connection)),
      keep: api.annotate.keep.handler(async ({ input, context }) => {
        await annotate.keep(context.connection, input.verdicts);
        return null;
      }),
      restore: api.annotate.restore.handler(async ({ input, context }) => {
        await annotate.restore(context.connection, input.requestIds);
        return null;
      }),
      discard: api.annotate.discard.handler(async ({ input, context }) => {
        await annotate.discard(context.connection, input.requestIds);
        return null;
      }),
    },
    people: {
      me: api.people.me.handler(({ context }) => people.me(context.connection)),
      here: api.people.here.handler(({ context }) => people.here(context.connection)),
      switchTo: api.people.switchTo.handler(({ input, context }) =>
        people.switchTo(context.connection, input.annotatorId),
      ),
      list: api.people.list.handler(() => people.list()),
      seen: api.people.seen.handler(({ signal }) => people.seen(signal)),
      add: api.people.add.handler(({ input }) => people.add(input)),
      renewLink: api.people.renewLink.handler(({ input }) => people.renewLink(input.annotatorId)),
      revokeLink: api.people.revokeLink.handler(({ input }) => people.revokeLink(input.annotatorId)),
      setRole: api.people.setRole.handler(({ input }) => people.setRole(input.annotatorId, input.role)),
    },
    audit: {
      make: api.audit.make.handler(streamed(({ runId }, signal) => audit.make(runId, signal))),
      stored: api.audit.stored.handler(({ input }) => audit.stored(input.runId)),
      item: api.audit.item.handler(({ input, context }) => audit.item(context.connection, input.pairId)),
      decide: api.audit.decide.handler(async ({ input, context }) => {
        await audit.decide(context.connection, input);
        return null;
      }),
    },
    ratings: {
      queue: api.ratings.queue.handler(({ context }) => ratings.queue(context.connection)),
      rate: api.ratings.rate.handler(({ input, context }) => ratings.rate(context.connection, input)),
      undo: api.ratings.undo.handler(({ input, context }) => ratings.undo(context.connection, input)),
      redo: api.ratings.redo.handler(({ input, context }) => ratings.redo(context.connection, input)),
    },
    adjudication: {
      queue: api.adjudication.queue.handler(({ input, context }) =>
        adjudication.queue(context.connection, input),
      ),
      decide: api.adjudication.decide.handler(({ input, context }) =>
        adjudication.decide(context.connection, input),
      ),
    },
    guidelines: {
      versions: api.guidelines.versions.handler(() => guidelines.versions()),
      text: api.guidelines.text.handler(({ input }) => guidelines.text(input.number)),
      save: api.guidelines.save.handler(({ input, context }) => guidelines.save(context.connection, input)),
      told: api.guidelines.told.handler(async ({ input, context }) => {
        await guidelines.told(context.connection, input.number);
        return null;
      }),
    },
    gold: {
      state: api.gold.state.handler(() => gold.state()),
      mark: api.gold.mark.handler(({ input, context }) => gold.mark(context.connection, input)),
      unmark: api.gold.unmark.handler(({ input, context }) => gold.unmark(context.connection, input)),
    },
    models: {
      list: api.models.list.handler(() => models.list()),
      add: api.models.add.handler(({ input, context }) =>
        models.add(named(context, input.path, network.model)),
      ),
    },
    runs: {
      list: api.runs.list.handler(() => runs.list()),
      get: api.runs.get.handler(({ input }) => runs.get(input.runId)),
      countPairs: api.runs.countPairs.handler(({ input }) => runs.countPairs(input)),
      estimate: api.runs.estimate.handler(({ input, signal, context }) =>
        runs.estimate(named(context, input, network.run), signal),
      ),
      start: api.runs.start.handler(({ input, context }) => runs.start(named(context, input, network.run))),
      frames: api.runs.frames.handler(streamed((input, signal) => runs.frames(input.runId, signal))),
      stop: api.runs.stop.handler(({ input }) => runs.stop(input.runId)),
      pause: api.runs.pause.handler(({ input }) => runs.pause(input.runId)),
      resume: api.runs.resume.handler(({ input }) => runs.resume(input.runId, input.tokenBudget)),
      stepPairs: api.runs.stepPairs.handler(({ input }) => runs.stepPairs(input.runId, input.step)),
      heldOutPairs: api.runs.heldOutPairs.handler(({ input }) => runs.heldOutPairs(input)),
      edit: api.runs.edit.handler(({ input }) => runs.edit(input)),
      remove: api.runs.remove.handler(async ({ input }) => {
        await runs.remove(input.runId);
        return null;
      }),
      restore: api.runs.restore.handler(({ input }) => runs.restore(input.runId)),
      saveFigures: api.runs.saveFigures.handler(({ input, context }) =>
        runs.saveFigures({ ...input, parent: named(context, input.parent, network.exportParent) }),
      ),
      export: api.runs.export.handler(({ input, context }) =>
        runs.export({ ...input, parent: named(context, input.parent, network.exportParent) }),
      ),
    },
    runQueue: {
      list: api.runQueue.list.handler(() => runs.queue.state()),
      add: api.runQueue.add.handler(({ input, context }) =>
        runs.queue.add(named(context, input, network.run)),
      ),
      remove: api.runQueue.remove.handler(({ input }) => runs.queue.remove(input.id)),
      move: api.runQueue.move.handler(({ input }) => runs.queue.move(input.id, input.to)),
      goOn: api.runQueue.goOn.handler(() => runs.queue.goOn()),
    },
    sweeps: {
      list: api.sweeps.list.handler(() => sweeps.list()),
      start: api.sweeps.start.handler(({ input, context }) =>
        sweeps.start(named(context, input, network.run)),
      ),
      table: api.sweeps.table.handler(({ input }) => sweeps.table(input.id)),
      pause: api.sweeps.pause.handler(({ input }) => sweeps.pause(input.id)),
      goOn: api.sweeps.goOn.handler(({ input }) => sweeps.goOn(input.id)),
      cancel: api.sweeps.cancel.handler(({ input }) => sweeps.cancel(input.id)),
    },
    jobs: {
      make: api.jobs.make.handler(({ input: { parent, ...request }, context }) =>
        jobs.makeIn(named(context, parent, network.exportParent), request),
      ),
      take: api.jobs.take.handler(({ input, context }) =>
        jobs.take(named(context, input.path, network.upload)),
      ),
      list: api.jobs.list.handler(() => ray.list()),
      raySettings: api.jobs.raySettings.handler(() => ray.settings()),
      submit: api.jobs.submit.handler(({ input: { id, ...options }, context }) =>
        ray.submit(id, named(context, options, network.cluster)),
      ),
      rayStatus: api.jobs.rayStatus.handler(({ input }) => ray.status(input.id)),
      rayStop: api.jobs.rayStop.handler(({ input }) => ray.stop(input.id)),
    },
    codes: {
      read: api.codes.read.handler(streamed((input, signal) => codes.read(input, signal))),
      overview: api.codes.overview.handler(({ input }) => codes.overview(input)),
      heatMap: api.codes.heatMap.handler(({ input, context }) =>
        codes.heatMap(input, input.by, context.connection),
      ),
      prompts: api.codes.prompts.handler(({ input }) => codes.prompts(input, input.ask)),
      heatLines: api.codes.heatLines.handler(({ input, context }) =>
        codes.heatLines(input, input.ask, context.connection),
      ),
      topPrompts: api.codes.topPrompts.handler(({ input }) =>
        codes.topPrompts(input, input.code, input.limit),
      ),
      prompt: api.codes.prompt.handler(({ input }) => codes.prompt(input, input.promptId)),
      page: api.codes.page.handler(({ input, context }) => codes.page(input, input.code, context.connection)),
      select: api.codes.select.handler(({ input, context }) =>
        codes.select(input, input.selection, context.connection),
      ),
      coverage: api.codes.coverage.handler(({ input }) => codes.coverage(input)),
      timeline: api.codes.timeline.handler(({ input }) => codes.timeline(input.runId)),
      motion: api.codes.motion.handler(({ input }) => codes.motion(input.runId)),
      alignment: api.codes.alignment.handler(({ input }) => codes.alignment(input.first, input.second)),
      map: api.codes.map.handler(({ input }) => codes.map(input, input.settings)),
      mapColours: api.codes.mapColours.handler(({ input, context }) =>
        codes.mapColours(input, input.settings, input.by, context.connection),
      ),
      layOut: api.codes.layOut.handler(
        streamed((input, signal) => codes.layOut(input, input.settings, signal)),
      ),
      matrix: api.codes.matrix.handler(({ input }) => codes.matrix(input, input.by)),
      vocabulary: api.codes.vocabulary.handler(({ input, signal }) =>
        codes.vocabulary(input, input.code, signal),
      ),
      names: api.codes.names.handler(({ input }) => codes.names(input.runId)),
      labels: api.codes.labels.handler(streamed(({ code, ...of }, signal) => codes.labels(of, code, signal))),
      rename: api.codes.rename.handler(({ input: { runId, ...name } }) => codes.rename(runId, name)),
      growth: api.codes.growth.handler(({ input, signal }) => codes.growth(input, input.text, signal)),
      probe: api.codes.probe.handler(({ input, signal }) => codes.probe(input, input.text, signal)),
    },
    playground: {
      generate: api.playground.generate.handler(
        streamed((input, signal) => playground.generate(input, signal)),
      ),
      keepPair: api.playground.keepPair.handler(({ input }) => playground.keepPair(input)),
      newPairs: api.playground.newPairs.handler(
        streamed((input, signal) => playground.newPairs(input, signal)),
      ),
      replyTokens: api.playground.replyTokens.handler(({ input, signal }) =>
        playground.replyTokens(input, signal),
      ),
      tokens: api.playground.tokens.handler(({ input, signal }) => playground.tokens(input, signal)),
    },
    hub: {
      settings: api.hub.settings.handler(() => hub.settings()),
      updateSettings: api.hub.updateSettings.handler(({ input, context }) => {
        if (context.connection.isRemote) network.hubSettings(input);
        return hub.updateSettings(input);
      }),
      downloads: api.hub.downloads.handler(() => hub.downloads()),
      watch: api.hub.watch.handler(streamed((_, signal) => hub.watch(signal))),
      start: api.hub.start.handler(({ input }) => hub.start(input)),
      pause: api.hub.pause.handler(({ input }) => hub.pause(input.id)),
      resume: api.hub.resume.handler(({ input }) => hub.resume(input.id)),
      remove: api.hub.remove.handler(async ({ input }) => {
        await hub.remove(input.id);
        return null;
      }),
    },
    work: {
      watch: api.work.watch.handler(streamed((_, signal) => work.watch(signal))),
      cancel: api.work.cancel.handler(({ input }) => {
        work.cancel(input.id);
        return null;
      }),
      prioritise: api.work.prioritise.handler(({ input }) => {
        work.setPriority(input.id, input.priority);
        return null;
      }),
    },
    engines: {
      list: api.engines.list.handler(async ({ input }) => {
        const { engines: reports, fastest, fallback } = await engines.list(input.probe);
        return { engines: [...reports], fastest, fallback };
      }),
    },
    app: {
      info: api.app.info.handler(({ context }) =>
        forRole(
          context.connection,
          {
            version,
            host: host.kind,
            platform: process.platform,
            memoryBytes: totalmem(),
            homeFolder: homedir(),
            runtime: host.runtime ?? null,
          },
          noMachine,
        ),
      ),
      pickFiles: api.app.pickFiles.handler(({ input }) => host.pickFiles(input.what)),
      pickFile: api.app.pickFile.handler(({ input }) => host.pickFile(input.purpose, input.name)),
      openLicences: api.app.openLicences.handler(({ input }) => openLicences(host, input.of)),
      upload: api.app.upload.handler(async ({ input }) => ({
        path: await storeUpload(input.file.name, input.file.stream(), userDataDir, input.beside),
      })),
    },
  });
}
export type Router = RouterOf<typeof contract, CallContext>;
