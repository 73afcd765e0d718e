/** The one contract between renderer and main, over a message port or a loopback WebSocket. */
import {
  type ContractProcedure,
  eventIterator,
  type InferContractRouterOutputs,
  type InferSchemaOutput,
} from '@orpc/contract';
import { z } from 'zod';
import { FIGURE_FORMATS } from '#core/runFigures.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { adjudication } from './adjudicationContract.ts';
import { agreementAskSchema, agreementSchema } from './agreementEntities.ts';
import { audit } from './auditContract.ts';
import { codeFlowSchema } from './codeFlow.ts';
import { codeLabelsSchema } from './codeLabels.ts';
import { codeMapSchema, MAP_COLOURS, mapColoursSchema, mapSettingsSchema } from './codeMap.ts';
import {
  CODE_GROUPS,
  codeCoverageSchema,
  codeMatrixSchema,
  codeSelectionSchema,
  selectedPairsSchema,
} from './codeSelection.ts';
import { comparisonAskSchema, comparisonSchema } from './comparisonEntities.ts';
import { base } from './contractBase.ts';
import {
  dataExportedSchema,
  dataExportSchema,
  dataStatisticsSchema,
  duplicateGroupSchema,
  duplicateSummarySchema,
  duplicateThresholdSchema,
  leakageSchema,
  passFrameSchema,
} from './dataEntities.ts';
import {
  annotationItemSchema,
  annotatorNameSchema,
  annotatorSchema,
  backupSchema,
  checkpointKindSchema,
  codeNameSchema,
  codePageSchema,
  codesOverviewSchema,
  engineReportSchema,
  failureSchema,
  messageSchema,
  modelSchema,
  newDecisionSchema,
  newReplySchema,
  pairDetailsSchema,
  pairFilterSchema,
  pairRowSchema,
  pairSelectionSchema,
  projectSchema,
  projectSettingsChangesSchema,
  promptCodesSchema,
  queueSchema,
  queueScopeSchema,
  recentProjectSchema,
  runSchema,
  savedViewSchema,
  selectionSchema,
  setAsidePairSchema,
  sourceSchema,
  tableFiguresSchema,
  tableViewSchema,
  topPromptSchema,
  unsavedVerdictSchema,
} from './entities.ts';
import { gold } from './goldContract.ts';
import { guidelines } from './guidelineContract.ts';
import { HEAT_GROUPS, heatLinesAskSchema, heatLinesSchema, heatMapSchema } from './heatMap.ts';
import { importFrameSchema, importPreviewSchema, importRequestSchema } from './importEntities.ts';
import { jobs } from './jobContract.ts';
import {
  DUPLICATE_KINDS,
  filterChoicesSchema,
  MARK_ACTIONS,
  markChangeSchema,
  sortSchema,
  tagCountSchema,
  tagNameSchema,
} from './library.ts';
import { mapMotionSchema } from './mapMotion.ts';
import { people } from './peopleContract.ts';
import {
  codeChoiceSchema,
  downloadSchema,
  exportFormatSchema,
  exportResultSchema,
  exportTypeSchema,
  generationFrameSchema,
  hubSettingsSchema,
  newPairsFrameSchema,
  policyChoiceSchema,
  replyTokensAskSchema,
  replyTokensSchema,
  samplingSchema,
  tokenViewSchema,
} from './policyEntities.ts';
import { promptPageSchema, promptsAskSchema } from './promptRows.ts';
import { ratings } from './ratingContract.ts';
import { runConfigSchema } from './runConfigSchema.ts';
import { heldOutAskSchema, runPairsSchema } from './runPairs.ts';
import { runQueue } from './runQueueContract.ts';
import { sweeps } from './sweepContract.ts';
import { JOB_PRIORITIES, workListSchema } from './work.ts';

const runFrameSchema = z.custom<RunFrame>((value) => typeof value === 'object' && value !== null);

const project = {
  current: base.output(projectSchema.nullable()),
  recent: base.output(z.array(recentProjectSchema)),
  create: base.input(z.object({ path: z.string(), name: z.string() })).output(projectSchema),
  open: base.input(z.object({ path: z.string() })).output(projectSchema),
  /** Opens the bundled sample in a project of its own, made on first use. */
  openSample: base.output(projectSchema),
  close: base.output(z.null()),
  updateSettings: base.input(projectSettingsChangesSchema).output(projectSchema),
  /** Answers once the file has been checked after its opening: `damage` says what was found. */
  checked: base.output(projectSchema.nullable()),
  /** Copies to go back to, the newest first, of the open project (`path` null) or of one that can't be opened. */
  backups: base
    .input(z.object({ path: z.string().nullable() }))
    .output(z.object({ backups: z.array(backupSchema), problem: failureSchema.nullable() })),
  backUp: base.output(backupSchema),
  /** Opens the backup of that name in the project's place; what was there stays beside as another backup. */
  restore: base.input(z.object({ path: z.string().nullable(), backup: z.string() })).output(projectSchema),
};

const library = {
  sources: base.output(z.array(sourceSchema)),
  /** The files to import of those chosen: folders and zip archives are what they hold. */
  inputs: base
    .input(z.object({ paths: z.array(z.string()).min(1) }))
    .output(z.array(z.object({ path: z.string(), entry: z.string().optional() }))),
  preview: base.input(importRequestSchema).output(importPreviewSchema),
  /** One transaction; unreadable rows are listed and never stop the rest. */
  import: base.input(importRequestSchema).output(eventIterator(importFrameSchema)),
  /** Pairs that cannot be read, and so are left out everywhere else. */
  setAside: base.output(z.array(setAsidePairSchema)),
  /** Takes them off that list too; they stay in the file. */
  removeSetAside: base.input(z.object({ pairIds: z.array(z.number().int()).min(1) })).output(z.null()),
  count: base.input(pairFilterSchema).output(z.object({ total: z.number() })),
  /** Rows by position for a virtual table. */
  rows: base
    .input(
      pairFilterSchema.extend({
        sort: sortSchema.nullable().default(null),
        /** Fields of the metadata that rows are to have. */
        fields: z.array(z.string()).default([]),
        measures: z.boolean().default(false),
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(z.array(pairRowSchema)),
  /** How far the first page of a list is, from 0 to 1; null where nothing has to be read or put in order for it. */
  progress: base
    .input(pairFilterSchema.extend({ sort: sortSchema.nullable().default(null) }))
    .output(z.object({ share: z.number().nullable() })),
  /** Ids of rows by position, for a choice that reaches beyond what is shown. */
  ids: base
    .input(
      pairFilterSchema.extend({
        sort: sortSchema.nullable().default(null),
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(100_000),
      }),
    )
    .output(z.array(z.number())),
  /** One step, which `undoChange` takes back; null where there was nothing to change. */
  change: base
    .input(
      z.object({ selection: selectionSchema, action: z.enum(MARK_ACTIONS), tag: tagNameSchema.optional() }),
    )
    .output(markChangeSchema.nullable()),
  /** Takes back the change that `lastChange` named. */
  undoChange: base.input(z.object({ changeId: z.number().int() })).output(markChangeSchema),
  /** What undo would take back of this person's changes. */
  lastChange: base.output(markChangeSchema.nullable()),
  /** Tags, and how many pairs in use have each. */
  tags: base.output(z.array(tagCountSchema)),
  choices: base.output(filterChoicesSchema),
  /** Whose codes and margins the table shows, and whose it could. */
  figures: base.output(tableFiguresSchema),
  /** The checkpoint of a run that a person chose; it is followed when the run goes on. */
  showFigures: base
    .input(z.object({ runId: z.number().int(), kind: checkpointKindSchema }))
    .output(tableFiguresSchema),
  details: base.input(z.object({ pairId: z.number().int() })).output(pairDetailsSchema),
  views: base.output(z.array(savedViewSchema)),
  /** A name that is taken stands for the new view from then on. */
  saveView: base.input(z.object({ name: tagNameSchema, view: tableViewSchema })).output(z.null()),
  removeView: base.input(z.object({ id: z.number().int() })).output(z.null()),
  /** A pair with its whole texts, on the sides on which this annotator saw it. Nothing is stored by looking. */
  pair: base.input(z.object({ pairId: z.number().int() })).output(annotationItemSchema),
  statusCounts: base
    .input(pairFilterSchema.omit({ status: true }))
    .output(z.object({ all: z.number(), unlabelled: z.number(), labelled: z.number(), skipped: z.number() })),
};

const data = {
  /** Two runs on the pairs held out from both. */
  compare: base.input(comparisonAskSchema).output(eventIterator(passFrameSchema(comparisonSchema))),
  /** Written where `out` says, or, for a page that can only be given files, under `name` where `file` finds it. */
  export: base
    .input(dataExportSchema.extend({ out: z.string().min(1).nullable(), name: z.string().min(1) }))
    .output(eventIterator(passFrameSchema(dataExportedSchema))),
  file: base.input(z.object({ path: z.string() })).output(z.instanceof(File)),
  /** Looks for near-duplicate prompts, replies and pairs, and stores what it found in place of what was there. */
  searchDuplicates: base
    .input(z.object({ threshold: duplicateThresholdSchema }))
    .output(eventIterator(passFrameSchema(duplicateSummarySchema))),
  duplicateSummary: base.output(duplicateSummarySchema.nullable()),
  duplicateGroups: base
    .input(
      z.object({
        kind: z.enum(DUPLICATE_KINDS),
        from: z.number().int().min(0),
        limit: z.number().int().min(1).max(200),
      }),
    )
    .output(z.array(duplicateGroupSchema)),
  /** Held-out prompts of a run that are near-duplicates of what it trains on. */
  leakage: base
    .input(z.object({ runId: z.number().int(), threshold: duplicateThresholdSchema }))
    .output(eventIterator(passFrameSchema(leakageSchema))),
  /** What the project holds and how it is labelled. */
  statistics: base.output(eventIterator(passFrameSchema(dataStatisticsSchema))),
  /** How far people agree, with intervals, and how each of them labels. */
  agreement: base.input(agreementAskSchema).output(eventIterator(passFrameSchema(agreementSchema))),
};

const stepRequest = queueScopeSchema.extend({ annotatorId: z.number().int(), step: z.number().int() });
const requestIds = z.object({ requestIds: z.array(z.uuid()).min(1) });
/** Who labels belongs to the connection: `identify` says who it is, and nobody else's verdicts are taken from it. */
const annotate = {
  annotators: base.output(z.array(annotatorSchema)),
  /** Someone known by id, or a name, known or new. Lasts until the connection or the project closes. */
  identify: base
    .input(z.union([z.object({ annotatorId: z.number().int() }), z.object({ name: annotatorNameSchema })]))
    .output(annotatorSchema),
  /** The same person under another name: verdicts and history stay theirs. */
  rename: base
    .input(z.object({ annotatorId: z.number().int(), name: annotatorNameSchema }))
    .output(annotatorSchema),
  /** The queue from its first open item; `pairId` puts that pair first even when decided. */
  queue: base.input(queueScopeSchema.extend({ pairId: z.number().int().nullable() })).output(queueSchema),
  /** Returns once the row is durable on disk; the queue goes on after it. */
  decide: base.input(newDecisionSchema.extend(queueScopeSchema.shape)).output(queueSchema),
  /**
   * Stores a written reply as a reply of its own, in pairs in which it is chosen over those that it is better than; they
   * stay as they are. The pair itself stays open.
   */
  write: base.input(newReplySchema.extend(queueScopeSchema.shape)).output(queueSchema),
  /** Scores pairs that nobody has decided by a run, at most so many; a queue by need then knows their margins. */
  scoreOpen: base
    .input(
      z.object({
        runId: z.number().int(),
        /** Absent: the last. */
        checkpoint: checkpointKindSchema.optional(),
        limit: z.number().int().min(1).max(20_000).default(1000),
      }),
    )
    .output(eventIterator(passFrameSchema(z.object({ scored: z.number() })))),
  /** Takes back the decision that `queue.undo` named, puts what stood before in force and its pair first. */
  undo: base.input(stepRequest).output(queueSchema),
  /** Puts the decision that `queue.redo` named back in force. */
  redo: base.input(stepRequest).output(queueSchema),
  /** Verdicts of this annotator that could not be saved when they were given. */
  unsaved: base.output(z.array(unsavedVerdictSchema)),
  /** Keeps verdicts beside the project until they are decided, restored or discarded. Durable when it returns. */
  keep: base
    .input(z.object({ verdicts: z.array(newDecisionSchema.extend({ at: z.iso.datetime() })).min(1) }))
    .output(z.null()),
  /** Decides what was kept, in the order in which it was given. */
  restore: base.input(requestIds).output(z.null()),
  discard: base.input(requestIds).output(z.null()),
};

const models = {
  list: base.output(z.array(modelSchema)),
  add: base.input(z.object({ path: z.string() })).output(modelSchema),
};

const runs = {
  list: base.output(z.array(runSchema)),
  get: base.input(z.object({ runId: z.number().int() })).output(runSchema),
  /** Pairs that the selection holds now, and replies with a label of their own (`singles`), which some objectives learn from. */
  countPairs: base
    .input(pairSelectionSchema)
    .output(z.object({ pairs: z.number(), prompts: z.number(), singles: z.number(), setAside: z.number() })),
  estimate: base
    .input(z.object({ modelId: z.number().int(), config: runConfigSchema, selection: pairSelectionSchema }))
    .output(
      z.object({
        peakBytes: z.number(),
        trainableParameters: z.number(),
        pairs: z.number(),
        tokens: z.number(),
        tokensCut: z.number(),
        pairsCut: z.number(),
        equalIds: z.array(z.string()).readonly(),
        steps: z.number(),
        pairsPerStep: z.number(),
        secondsTotal: z.number().nullable(),
        memoryBytes: z.number(),
      }),
    ),
  start: base
    .input(
      z.object({
        name: z.string().optional(),
        modelId: z.number().int(),
        config: runConfigSchema,
        selection: pairSelectionSchema,
      }),
    )
    .output(runSchema),
  /** Stored frames first, then live ones until the run ends. */
  frames: base.input(z.object({ runId: z.number().int() })).output(eventIterator(runFrameSchema)),
  /** Writes the last checkpoint, then ends. */
  stop: base.input(z.object({ runId: z.number().int() })).output(runSchema),
  /** Writes the last checkpoint, then ends as `paused`. */
  pause: base.input(z.object({ runId: z.number().int() })).output(runSchema),
  /** Goes on from the last checkpoint as if it had never stopped, or begins anew where none was written yet. */
  /** `tokenBudget` below the run's own: its steps are computed in shorter rows from now on. */
  resume: base
    .input(z.object({ runId: z.number().int(), tokenBudget: z.number().int().min(1).optional() }))
    .output(runSchema),
  /** Name and note; an empty name is refused. */
  edit: base
    .input(
      z.object({
        runId: z.number().int(),
        name: z.string().trim().min(1).max(80),
        note: z.string().max(10_000),
      }),
    )
    .output(runSchema),
  /** Takes an ended run off the list. `restore` brings it back until the project is opened again: then its files go. */
  remove: base.input(z.object({ runId: z.number().int() })).output(z.null()),
  restore: base.input(z.object({ runId: z.number().int() })).output(runSchema),
  /** Pairs of a reported training step, with margins and codes as they were in it. */
  stepPairs: base
    .input(z.object({ runId: z.number().int(), step: z.number().int().min(1) }))
    .output(runPairsSchema),
  /** Held-out pairs that a checkpoint is most right or wrong on. */
  heldOutPairs: base.input(heldOutAskSchema).output(runPairsSchema),
  /** Everything that the charts of a run draw, as a new file in a folder. */
  saveFigures: base
    .input(z.object({ runId: z.number().int(), format: z.enum(FIGURE_FORMATS), parent: z.string() }))
    .output(z.object({ path: z.string(), entries: z.number() })),
  /** Writes a folder that other tools read; `parent` is where it is made. */
  export: base
    .input(
      z.object({
        runId: z.number().int(),
        format: exportFormatSchema,
        type: exportTypeSchema.optional(),
        /** The last where none is named. */
        checkpoint: checkpointKindSchema.optional(),
        parent: z.string(),
        /** The base model by `owner/name`, `owner/name@revision` or a path, where the hub it was fetched from isn't known. */
        base: z.string().min(1).optional(),
      }),
    )
    .output(exportResultSchema),
};

const playground = {
  generate: base
    .input(
      policyChoiceSchema.extend({
        messages: z.array(messageSchema).min(1),
        sampling: samplingSchema,
        samples: z.number().int().min(1).max(16),
        codes: codeChoiceSchema,
      }),
    )
    .output(eventIterator(generationFrameSchema)),
  /**
   * Stores two replies as an unlabelled pair of the source "Playground"; `pairId` is null where that pair is there already.
   * Stored order says nothing, and verdicts are by the stored one: `firstKey` is what became of the reply given as a.
   */
  keepPair: base
    .input(
      z.object({ messages: z.array(messageSchema).min(1), a: z.string(), b: z.string(), origin: z.string() }),
    )
    .output(z.object({ pairId: z.number().int().nullable(), firstKey: z.enum(['a', 'b']) })),
  /**
   * Draws replies for prompts of the project that a selection holds, straight into the labelling queue as pairs of a
   * source named after the policy. Going on after a stop leaves out what is there.
   */
  newPairs: base
    .input(
      policyChoiceSchema.extend({
        prompts: z.number().int().min(1).max(100_000),
        sourceIds: z.array(z.number().int()).nullable(),
        variants: z
          .array(z.object({ sampling: samplingSchema, codes: codeChoiceSchema }))
          .min(2)
          .max(4),
      }),
    )
    .output(eventIterator(newPairsFrameSchema)),
  /** A drawn reply token by token: what its own policy makes of it, and another. */
  replyTokens: base.input(replyTokensAskSchema).output(replyTokensSchema),
  /** Every token of a pair as training sees it. */
  tokens: base
    .input(z.object({ modelId: z.number().int(), pairId: z.number().int(), config: runConfigSchema }))
    .output(tokenViewSchema),
};

const hub = {
  settings: base.output(hubSettingsSchema),
  updateSettings: base
    .input(
      z.object({
        endpoint: z.string().optional(),
        proxy: z.string().nullable().optional(),
        folder: z.string().optional(),
        /** null forgets it. */
        token: z.string().nullable().optional(),
      }),
    )
    .output(hubSettingsSchema),
  downloads: base.output(z.array(downloadSchema)),
  /** Downloads as they change. */
  watch: base.output(eventIterator(z.array(downloadSchema))),
  start: base
    .input(z.object({ repo: z.string(), revision: z.string().default('main') }))
    .output(downloadSchema),
  pause: base.input(z.object({ id: z.number().int() })).output(downloadSchema),
  resume: base.input(z.object({ id: z.number().int() })).output(downloadSchema),
  /** Ends it and removes what was fetched; a finished one is only taken off the list. */
  remove: base.input(z.object({ id: z.number().int() })).output(z.null()),
};

/** Codes by a checkpoint: of the step that is named, else of the newest one whose codes are stored. */
const codesOf = z.object({ runId: z.number().int(), step: z.number().int().min(0).optional() });

const shiftedTokenSchema = z.object({ id: z.number().int(), text: z.string(), shift: z.number() });

const codes = {
  /** A picture of prompts that is kept; null where they were not laid out like that. */
  map: base.input(codesOf.extend({ settings: mapSettingsSchema })).output(codeMapSchema.nullable()),
  /** What colours its prompts. */
  mapColours: base
    .input(codesOf.extend({ settings: mapSettingsSchema, by: z.enum(MAP_COLOURS) }))
    .output(mapColoursSchema),
  /** Lays prompts out and keeps the picture beside the run. */
  layOut: base
    .input(codesOf.extend({ settings: mapSettingsSchema }))
    .output(eventIterator(passFrameSchema(z.null()))),
  /** Use of a run's codes over its evaluations, each code followed from one to the next. */
  timeline: base.input(z.object({ runId: z.number().int() })).output(codeFlowSchema),
  /** Held-out prompts as points that move from evaluation to evaluation; null where the run kept none. */
  motion: base.input(z.object({ runId: z.number().int() })).output(mapMotionSchema.nullable()),
  /** Two checkpoints' codes, matched over the same prompts. */
  alignment: base.input(z.object({ first: codesOf, second: codesOf })).output(codeFlowSchema),
  /** Reads the codes of every prompt by a checkpoint, the last one unless a step is named, and stores them. */
  read: base.input(codesOf).output(eventIterator(runFrameSchema)),
  overview: base.input(codesOf).output(codesOverviewSchema),
  /** Where the groups of a heat map lie. */
  heatMap: base.input(codesOf.extend({ by: z.enum(HEAT_GROUPS) })).output(heatMapSchema),
  /** A page of a table of prompts. */
  prompts: base.input(codesOf.extend({ ask: promptsAskSchema })).output(promptPageSchema),
  /** Figures of the lines that are on screen. */
  heatLines: base.input(codesOf.extend({ ask: heatLinesAskSchema })).output(heatLinesSchema),
  topPrompts: base
    .input(codesOf.extend({ code: z.number().int().min(0), limit: z.number().int().min(1).max(200) }))
    .output(z.array(topPromptSchema)),
  prompt: base.input(codesOf.extend({ promptId: z.number().int() })).output(promptCodesSchema),
  /** One code: prompts that stand for it, what its pairs are about, and the words of their replies. */
  page: base.input(codesOf.extend({ code: z.number().int().min(0) })).output(codePageSchema),
  /** Labels that made a code: pairs trained on by their posterior. The first time all of them are scored. */
  labels: base
    .input(codesOf.extend({ code: z.number().int().min(0) }))
    .output(eventIterator(passFrameSchema(codeLabelsSchema))),
  /** Pairs in use that a selection holds: what a change of pairs takes. */
  select: base.input(codesOf.extend({ selection: codeSelectionSchema })).output(selectedPairsSchema),
  /** How far each code is labelled, and pairs that would mend it. */
  coverage: base.input(codesOf).output(codeCoverageSchema),
  /** Codes by sources, aspects, tags or people. */
  matrix: base.input(codesOf.extend({ by: z.enum(CODE_GROUPS) })).output(codeMatrixSchema),
  /** Tokens that the code lifts and lowers most, W_U e_k; null with the reason. */
  vocabulary: base.input(codesOf.extend({ code: z.number().int().min(0) })).output(
    z.object({
      lifted: z.array(shiftedTokenSchema),
      lowered: z.array(shiftedTokenSchema),
      reason: z.string().nullable(),
    }),
  ),
  names: base.input(z.object({ runId: z.number().int() })).output(z.array(codeNameSchema)),
  /** What a person calls a code of a run and notes of it; empty takes it away. */
  rename: base.input(codeNameSchema.extend({ runId: z.number().int() })).output(z.array(codeNameSchema)),
  /** p(z|x) of typed text, as one user message. */
  /** p(z|x) of typed text as it grows, 24 beginnings at most; the whole comes last. */
  growth: base
    .input(codesOf.extend({ text: z.string().min(1) }))
    .output(z.array(z.object({ added: z.string(), weights: z.array(z.number()) }))),
  probe: base.input(codesOf.extend({ text: z.string().min(1) })).output(
    z.object({
      weights: z.array(z.number()),
      tokens: z.number(),
      /** At the beginning, as in training. */
      tokensCut: z.number(),
      /** Of a part of the prompts trained on, by what the prior reads; distances are 1 − cosine. */
      nearest: z.array(topPromptSchema.omit({ weight: true }).extend({ distance: z.number() })),
      /** How many prompts that part has. */
      known: z.number(),
      /** Distance of those prompts to the nearest other: the median, and what one in a hundred exceeds. */
      usual: z.object({ median: z.number(), most: z.number() }).nullable(),
    }),
  ),
};

/** What Facet is doing now: jobs of the compute process and passes over the project. */
const work = {
  watch: base.output(eventIterator(workListSchema)),
  cancel: base.input(z.object({ id: z.number().int() })).output(z.null()),
  /** Among what waits. */
  prioritise: base
    .input(z.object({ id: z.number().int(), priority: z.enum(JOB_PRIORITIES) }))
    .output(z.null()),
};

const engines = {
  list: base.input(z.object({ probe: z.boolean() })).output(
    z.object({
      engines: z.array(engineReportSchema),
      fastest: z.string(),
      fallback: z.string().nullable(),
    }),
  ),
};

const app = {
  info: base.output(
    z.object({
      version: z.string(),
      /** `window` has native dialogs; `browser` asks for paths in text or uploads. */
      host: z.enum(['window', 'browser']),
      platform: z.string(),
      memoryBytes: z.number(),
      homeFolder: z.string(),
      /** What the window runs on; null in a browser. */
      runtime: z.object({ name: z.string(), isOfficial: z.boolean() }).nullable(),
    }),
  ),
  /** Native dialog; null when cancelled or when there is none. */
  pickFile: base
    .input(
      z.object({
        purpose: z.enum(['project', 'new-project', 'model', 'folder', 'result', 'export']),
        /** What a new file is called, unless another name is chosen. */
        name: z.string().optional(),
      }),
    )
    .output(z.string().nullable()),
  /** The same for files to import, or a folder of them; none when cancelled. */
  pickFiles: base.input(z.object({ what: z.enum(['files', 'folder']) })).output(z.array(z.string())),
  /** Shows the licences of what the window runs on, a file that came with it; refused where there is no window. */
  openLicences: base.input(z.object({ of: z.enum(['electron', 'chromium']) })).output(z.void()),
  /** Takes a file a browser dropped or chose; returns a path that `library.preview` reads. */
  /** `beside`: an earlier one that was chosen with it. */
  upload: base
    .input(z.object({ file: z.instanceof(File), beside: z.string().nullable().default(null) }))
    .output(z.object({ path: z.string() })),
};

export const contract = {
  project,
  library,
  data,
  annotate,
  people,
  adjudication,
  audit,
  gold,
  guidelines,
  ratings,
  models,
  runs,
  runQueue,
  sweeps,
  jobs,
  codes,
  playground,
  hub,
  work,
  engines,
  app,
};
export type Contract = typeof contract;

type AnyProcedures = Record<string, unknown>;
type ParsedInputs<Procedures extends AnyProcedures> = {
  [Name in keyof Procedures]: Procedures[Name] extends ContractProcedure<
    infer Input,
    infer _O,
    infer _E,
    infer _M
  >
    ? InferSchemaOutput<Input>
    : never;
};
/** What a service is given, defaults filled in: `Inputs['runs']['start']`. */
export type Inputs = { [Room in keyof Contract]: ParsedInputs<Contract[Room]> };
/** What each procedure answers. */
export type Outputs = InferContractRouterOutputs<Contract>;
