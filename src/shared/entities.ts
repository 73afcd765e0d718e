/** What crosses between renderer and main. Parsed where it enters, plain types after. */

import { z } from 'zod';
import { LABEL_SCOPES } from '#core/agreement.ts';
import { CHECKPOINT_KINDS } from '#core/bestCheckpoint.ts';
import type { SessionFigures } from '#core/labelSession.ts';
import { ROLES, VERDICTS } from '#core/preference.ts';
import { MOST_REPEATS } from '#core/repeats.ts';
import type { Suggestion } from '#core/result.ts';
import { ENGINE_NAMES } from '#core/runConfig.ts';
import { overlapSchema } from './assignmentEntities.ts';
import { goldFeedbackSchema, goldRulesSchema } from './goldEntities.ts';
import { guidelineNewsSchema, guidelineVersionSchema } from './guidelineEntities.ts';
import { conditionsSchema, measuresSchema, sortSchema } from './library.ts';
import { queueOrderSchema } from './queueOrder.ts';
import { givenRankingSchema, rankedAspectsSchema, ranksSchema, stepsSchema } from './rankingEntities.ts';
import { ratingRulesSchema } from './ratingRules.ts';
import { runConfigSchema } from './runConfigSchema.ts';
import { verdictAttributesSchema, verdictRulesSchema } from './verdictEntities.ts';

const suggestionSchema = z.object({
  field: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
  label: z.string(),
}) satisfies z.ZodType<Suggestion>;

export const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
  fix: z.string().optional(),
  where: z
    .object({ file: z.string().optional(), row: z.number().optional(), field: z.string().optional() })
    .optional(),
  suggestion: suggestionSchema.optional(),
});

const part = z.string().optional();
/** With what it holds beside its text: see `MessageParts`. */
export const messageSchema = z.object({
  role: z.enum(ROLES),
  content: z.string(),
  name: part,
  thinking: part,
  reasoning_content: part,
  reasoning: part,
  tool_calls: z.array(z.unknown()).readonly().optional(),
  tool_call_id: part,
  tools: z.array(z.unknown()).readonly().optional(),
});
const replyKeySchema = z.enum(['a', 'b']);
const verdictSchema = z.enum(VERDICTS);

export const projectSettingsSchema = z.object({
  /** The guidelines in force: Markdown, shown beside the pair. Written by `guidelines.save`, which keeps what was before. */
  guidelines: z.string(),
  /**
   * Hide what files, other people and models say of a pair from whoever has yet to decide it: to know it first biases.
   * Main sends none of it.
   */
  blind: z.boolean(),
  /** What is asked of a verdict beside which reply is better. */
  verdict: verdictRulesSchema,
  /** Which pairs come to how many people; null where every person labels every pair. */
  overlap: overlapSchema.nullable(),
  gold: goldRulesSchema,
  /** Of the pairs that come to a person, the share that comes again. */
  repeats: z.number().min(0).max(MOST_REPEATS),
  /** Whether single replies are rated, on which scale, and from where on a rating is good. */
  ratings: ratingRulesSchema,
});
/** Only what changes, of the rules of verdicts and of gold pairs too: two people who change two of them both keep theirs. */
export const projectSettingsChangesSchema = projectSettingsSchema
  .omit({ guidelines: true })
  .extend({
    verdict: verdictRulesSchema.partial(),
    gold: goldRulesSchema.partial(),
    ratings: ratingRulesSchema.partial(),
  })
  .partial();
export const projectSchema = z.object({
  path: z.string(),
  name: z.string(),
  createdAt: z.string(),
  settings: projectSettingsSchema,
  /** Which version of the guidelines is in force. */
  guidelines: guidelineVersionSchema,
  counts: z.object({ pairs: z.number(), labelled: z.number(), prompts: z.number(), runs: z.number() }),
  /** What is damaged in the file, in words; where anything is, the project is read-only. */
  damage: z.array(z.string()),
});
/** A copy of a project to go back to. */
export const backupSchema = z.object({
  kind: z.enum(['scheduled', 'before-upgrade', 'replaced']),
  /** Of its file. */
  name: z.string(),
  at: z.string(),
  bytes: z.number(),
});
export const recentProjectSchema = z.object({
  path: z.string(),
  name: z.string(),
  openedAt: z.string(),
  exists: z.boolean(),
});

export const sourceSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  file: z.string(),
  format: z.string(),
  pairs: z.number(),
  importedAt: z.string(),
});

/** A pair that cannot be read; where it came from, as far as it is known. */
export const setAsidePairSchema = z.object({
  pairId: z.number().int(),
  reason: z.string(),
  source: z.string(),
  file: z.string(),
  row: z.number(),
});

export const pairFilterSchema = z.object({
  /** Full-text query over prompt and both replies; empty for all. */
  text: z.string().default(''),
  sourceId: z.number().int().nullable().default(null),
  status: z.enum(['all', 'unlabelled', 'labelled', 'skipped']).default('all'),
  where: conditionsSchema.optional(),
});
/** Pairs that a change is made to: chosen one by one, or all that a filter matches but for some. */
export const selectionSchema = z.union([
  z.object({ ids: z.array(z.number().int()).min(1).max(100_000) }),
  z.object({ filter: pairFilterSchema, except: z.array(z.number().int()).max(100_000) }),
]);
/** A way to look at the table. */
export const tableViewSchema = z.object({
  filter: pairFilterSchema,
  sort: sortSchema.nullable(),
  /** Columns in their order; null for the usual ones. */
  columns: z.array(sortSchema.shape.column).nullable(),
});
export const savedViewSchema = z.object({ id: z.number().int(), name: z.string(), view: tableViewSchema });
export const pairRowSchema = z.object({
  id: z.number().int(),
  /** First 240 characters of the last user turn, one line. */
  prompt: z.string(),
  /** In stored order, which says nothing of any label. */
  a: z.string(),
  b: z.string(),
  source: z.string(),
  aspect: z.string().nullable(),
  /** The project is blind and this annotator has yet to decide: all that follows is null, but for an own skip. */
  hidden: z.boolean(),
  /** The file's own label. */
  imported: verdictSchema.nullable(),
  /** This annotator's standing verdict, else the latest of another person. */
  verdict: verdictSchema.nullable(),
  /** Whose verdict it is. */
  by: z.string().nullable(),
  /** Strongest code of the latest finished run, and its margin where the pair was scored. */
  code: z.number().nullable(),
  margin: z.number().nullable(),
  /** When the verdict was given. */
  decidedAt: z.string().nullable(),
  tags: z.array(z.string()),
  /** Left out of queue, training, export and figures. */
  excluded: z.boolean(),
  deleted: z.boolean(),
  /** Sent to the queue, to be labelled before others. */
  first: z.boolean(),
  /** The fields of the metadata that were asked for. */
  fields: z.record(z.string(), z.unknown()),
  /** Where they were asked for. */
  measures: measuresSchema.nullable(),
});

export const annotatorNameSchema = z.string().trim().min(1).max(80);
/** `current` is who this connection labels as. */
export const annotatorSchema = z.object({ id: z.number().int(), name: z.string(), current: z.boolean() });

const historyEntrySchema = z.object({
  annotator: z.string(),
  /** An undo or a redo puts an earlier decision back in force, or leaves none. */
  action: z.enum(['decide', 'undo', 'redo']),
  decision: z.enum([...VERDICTS, 'retracted']),
  leftKey: replyKeySchema.nullable(),
  durationMs: z.number().nullable(),
  attributes: verdictAttributesSchema,
  at: z.string(),
});
const importedLabelSchema = z.object({
  /** Null: the file does not say whose it is. */
  annotator: z.string().nullable(),
  verdict: verdictSchema,
  strength: z.number().nullable(),
});
/** Where a pair comes from, and all that was said of it. */
export const pairDetailsSchema = z.object({
  file: z.string(),
  row: z.number(),
  importedAt: z.string(),
  /** What the file names the row by. */
  itemId: z.string().nullable(),
  /** Columns of the row that are no part of the pair; null while they are hidden. */
  metadata: z.record(z.string(), z.unknown()).nullable(),
  /** Every label in the order in which it was given, the file's among them; only own ones while others are hidden. */
  labels: z.array(
    /** No annotator: the file does not say whose label it is. */
    historyEntrySchema.extend({ annotator: z.string().nullable(), kind: z.enum(['person', 'import']) }),
  ),
  /** Who has it on the desk, among the next pairs there, and has not said anything of it; nobody while others are hidden. */
  onDesks: z.array(z.object({ annotator: z.string(), since: z.string() })),
});
/** A reply whose text is all there is has no turns; else the text reads them out. */
const shownReplySchema = z.object({
  key: replyKeySchema,
  text: z.string(),
  turns: z.array(messageSchema),
});
const replySetSchema = z.object({
  id: z.number(),
  /** How many pairs of them there are. */
  pairs: z.number(),
  /** In the order that was drawn for this annotator. */
  replies: z.array(z.object({ id: z.number(), text: z.string(), turns: z.array(messageSchema) })),
  /** Their order by this annotator and what was said beside it, where it stands. */
  ranks: ranksSchema.nullable(),
  steps: stepsSchema,
  aspects: rankedAspectsSchema,
});
/** A pair as it is shown: sides already shuffled, the shuffle stored with the showing. */
export const annotationItemSchema = z.object({
  pairId: z.number().int(),
  /** Its place among the pairs that are gone through, from 1; null where it is none of them. */
  position: z.number().nullable(),
  /** Why it comes now, where the order says; never which reply a model prefers. */
  reason: z.string().nullable(),
  messages: z.array(messageSchema),
  left: shownReplySchema,
  right: shownReplySchema,
  /** Where the pair is one of several of three and more replies that are ranked together; null where it comes alone. */
  set: replySetSchema.nullable(),
  source: z.string(),
  aspect: z.string().nullable(),
  /** This annotator's standing verdict where the item was decided before. */
  verdict: verdictSchema.nullable(),
  /** What it says beside; null where none stands. */
  attributes: verdictAttributesSchema.nullable(),
  /** Null until a verdict stands, unless the project reveals. */
  revealed: z
    .object({
      imported: verdictSchema.nullable(),
      /** Everything that files say, of each of the people that they name. */
      labels: z.array(importedLabelSchema),
      history: z.array(historyEntrySchema),
    })
    .nullable(),
});
/** A decision that undo would take back, or that redo would put back in force. */
const stepSchema = z.object({
  /** Names the decision: a request to undo or redo says which one it means. */
  id: z.number().int(),
  pairId: z.number().int(),
  verdict: verdictSchema,
  /** The reply that was on the left when it was decided. */
  leftKey: replyKeySchema,
  /** What stands on the pair without it. */
  otherwise: verdictSchema.nullable(),
  /** How the prompt begins. */
  prompt: z.string(),
  attributes: verdictAttributesSchema,
  /** The set that it ranks: the verdict is that on one of its pairs. Null where it is on a pair alone. */
  setId: z.number().nullable(),
});
/** Which pairs are gone through, and in which the first of them. */
export const queueScopeSchema = z.object({
  /**
   * Null for the whole project. Text and source say which pairs; the status which of them come up: undecided ones
   * for `all` and `unlabelled`, decided or skipped ones to look at again for the others.
   */
  filter: pairFilterSchema.nullable().default(null),
  /** Skipped pairs come up again, after those that were never decided. */
  includeSkipped: z.boolean().default(false),
  /** Absent: that of the import. Pairs that were sent to the queue come first in any order. */
  order: queueOrderSchema.optional(),
});
export const queueSchema = z.object({
  /** Whose queue this is: who the connection labels as. */
  annotatorId: z.number().int(),
  /** Pairs in scope: all, without a decision, with one (skips count), skipped. */
  total: z.number(),
  remaining: z.number(),
  decided: z.number(),
  skipped: z.number(),
  /** The current item and the ones after it, so that the next is there at once. */
  items: z.array(annotationItemSchema),
  /** Pairs of the project that cannot be read, left out of all the counts. */
  setAside: z.number(),
  /** What the next undo and the next redo would do; null where there is nothing. */
  undo: stepSchema.nullable(),
  redo: stepSchema.nullable(),
  /** The pair just decided wants a rationale: others say otherwise of it. */
  why: z.number().nullable(),
  /** What was known of the pair just decided, where that is to be told. */
  gold: goldFeedbackSchema.nullable(),
  guidelines: guidelineNewsSchema,
  /** Since the project was opened. */
  session: z.object({
    decided: z.number(),
    medianMs: z.number().nullable(),
    activeMs: z.number(),
    sinceBreakMs: z.number(),
    flags: z.number(),
    /** Repeats answered so far, and how many as the first time; null where there are too few to tell. */
    again: z.object({ answered: z.number(), same: z.number() }).nullable(),
  }) satisfies z.ZodType<SessionFigures>,
});
/** A decision as a page makes it. */
export const newDecisionSchema = z.object({
  /** Made by the page: asked twice, it is decided once. */
  requestId: z.uuid(),
  annotatorId: z.number().int(),
  pairId: z.number().int(),
  verdict: verdictSchema,
  leftKey: replyKeySchema,
  durationMs: z.number().int().min(0).nullable(),
  /** Absent where nothing was said beside. */
  attributes: verdictAttributesSchema.optional(),
  /** Of a pair that came with its set: it decides all of its pairs, in one act. */
  ranking: givenRankingSchema.optional(),
  /** The version of the guidelines on the page; the one in force where it is not given. */
  guidelines: z.number().int().optional(),
});
/** A reply that somebody wrote, chosen over the replies of a pair that it is to be better than. */
export const newReplySchema = z.object({
  requestId: z.uuid(),
  annotatorId: z.number().int(),
  pairId: z.number().int(),
  text: z.string().max(1_000_000),
  /** The one that it was made of, or both. */
  over: z.array(replyKeySchema).min(1).max(2),
});
/** A verdict that could not be saved when it was given, kept beside the project. */
export const unsavedVerdictSchema = newDecisionSchema.extend({
  /** When it was given. */
  at: z.string(),
  /** How the prompt begins; null where the pair is not there any more. */
  prompt: z.string().nullable(),
  /** What stands on the pair now. */
  standing: verdictSchema.nullable(),
});

const modelInfoSchema = z.object({
  architecture: z.string(),
  parameters: z.number(),
  layers: z.number(),
  hiddenSize: z.number(),
  vocabulary: z.number(),
  contextLength: z.number(),
  dtype: z.string(),
  bytes: z.number(),
  chatTemplate: z.boolean(),
});
export const modelSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  path: z.string(),
  bundled: z.boolean(),
  exists: z.boolean(),
  info: modelInfoSchema,
});

/** Which standing labels training reads. */
export const labelScopeSchema = z.enum(LABEL_SCOPES);
export const pairSelectionSchema = z.object({
  labels: labelScopeSchema,
  sourceIds: z.array(z.number().int()).nullable(),
});

/** `paused` ended on request with a checkpoint that `resume` goes on from; `failed` may be resumable too. */
/** Which of the two that a run keeps; the best by the run's own rule, `config.bestBy`. */
export const checkpointKindSchema = z.enum(CHECKPOINT_KINDS);

const runStateSchema = z.enum(['running', 'stopping', 'pausing', 'paused', 'finished', 'stopped', 'failed']);
export const runSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  /** What a person wrote of it. */
  note: z.string(),
  state: runStateSchema,
  modelId: z.number().int(),
  modelName: z.string(),
  config: runConfigSchema,
  selection: pairSelectionSchema,
  pairs: z.number(),
  engine: z.string().nullable(),
  engineFallback: z.string().nullable(),
  step: z.number().int(),
  accuracy: z.number().nullable(),
  /** Step of the last checkpoint; null where there is none. */
  checkpointStep: z.number().int().nullable(),
  /** Those that are kept. */
  checkpoints: z.array(z.object({ kind: checkpointKindSchema, step: z.number().int() })),
  /** Steps of the checkpoints whose codes are stored, in order; the last of them, or null. */
  codesSteps: z.array(z.number()),
  codesStep: z.number().int().nullable(),
  /** Ended before all was done, and has a whole last checkpoint with the optimiser's moments. */
  resumable: z.boolean(),
  failure: failureSchema.nullable(),
  codeVersion: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
});

const figuresChoice = z.object({
  runId: z.number().int(),
  run: z.string(),
  kind: checkpointKindSchema,
  step: z.number().int(),
  codes: z.boolean(),
  margins: z.boolean(),
});
export const tableFiguresSchema = z.object({
  shown: z.object({ runId: z.number().int(), run: z.string(), step: z.number().int() }).nullable(),
  choices: z.array(figuresChoice),
});

/** Training frames are typed in core (`RunFrame`); they come from our own process and are passed on as they are. */
const codeSummarySchema = z.object({
  code: z.number(),
  /** Share of all mass, Σ_x p(z|x)/N. */
  share: z.number(),
  /** Prompts for which this code is the strongest. */
  first: z.number(),
  dead: z.boolean(),
  /** Its place in an order in which codes of the same prompts stand beside each other, from 0; dead ones last. */
  alike: z.number(),
  /** Share of this code's mass by source, largest first. */
  sources: z.array(z.object({ source: z.string(), share: z.number() })),
  /** Words over-represented in prompts where the code is strong (log-odds). */
  keywords: z.array(z.string()),
});
/** Accuracy gained, with its 95 % interval over prompts. */
const gainSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });
/** What codes did when each was forced on the run's held-out pairs. */
const causesSchema = z.object({
  pairs: z.number(),
  groupedBy: z.enum(['source', 'aspect']),
  /** Why there is no figure, in words. */
  reason: z.string().nullable(),
  recovery: z.number().nullable(),
  gainOverOneCode: gainSchema.nullable(),
  /** Over z off, and over one vector for all prompts. */
  gainOverOff: gainSchema.nullable(),
  gainOverShared: gainSchema.nullable(),
  codes: z.array(
    z.object({
      code: z.number(),
      /** The group that it serves beyond chance; null where there is none. */
      serves: z.string().nullable(),
      effects: z.array(
        z.object({
          group: z.string(),
          pairs: z.number(),
          accuracy: z.number(),
          low: z.number(),
          high: z.number(),
          margin: z.number(),
          pinnedAccuracy: z.number(),
        }),
      ),
    }),
  ),
});
export const codesOverviewSchema = z.object({
  runId: z.number().int(),
  /** Of the checkpoint whose codes these are. */
  step: z.number().int(),
  codes: z.number(),
  prompts: z.number(),
  perplexity: z.number(),
  meanPromptEntropy: z.number(),
  topShare: z.number(),
  dead: z.number(),
  nmiSource: z.number(),
  /** What that agreement is worth: on a part of the prompts, beside untrained codes and a linear probe. */
  evidence: z
    .object({
      prompts: z.number(),
      nmi: z.number(),
      untrainedNmi: z.number(),
      probe: z.number().nullable(),
      commonest: z.number(),
    })
    .nullable(),
  /** null where codes were not forced: the run is older than the measure, or was stopped. */
  causes: causesSchema.nullable(),
  /** Plain words when codes are idle or collapsed; null when healthy. */
  warning: z.string().nullable(),
  summaries: z.array(codeSummarySchema),
});
/** Every prompt, one row each; no silent sampling. Rows ordered by source, then strongest code, then weight. */
export const topPromptSchema = z.object({
  promptId: z.number().int(),
  text: z.string(),
  source: z.string(),
  weight: z.number(),
});
export const codeNameSchema = z.object({
  code: z.number().int().min(0),
  name: z.string().trim().max(60),
  note: z.string().max(5000),
});
/** Beside what the overview says of a code. */
export const codePageSchema = z.object({
  /** Prompts that fire it most, and pairs of theirs in use. */
  prompts: z.number(),
  pairs: z.number(),
  top: z.array(topPromptSchema),
  random: z.array(topPromptSchema),
  /** Prompts in each of equal steps of its weight from 0 to 1, and those in which it has at least half. */
  histogram: z.array(z.number()),
  half: z.number(),
  /** Where it and its strongest rival are nearest. */
  borderline: z.array(topPromptSchema),
  aspects: z.array(z.object({ aspect: z.string(), pairs: z.number() })),
  /** People who decided its pairs, and how often others who decided the same pair said the same. */
  annotators: z.array(
    z.object({
      name: z.string(),
      pairs: z.number(),
      /** Verdicts of others on these pairs, and how many of them agree. */
      others: z.number(),
      same: z.number(),
    }),
  ),
  /** Of pairs that one has decided alone. */
  blind: z.boolean(),
  /** Words that tell chosen replies of its pairs from rejected ones. */
  chosenWords: z.array(z.string()),
  rejectedWords: z.array(z.string()),
  /** Labelled pairs that the words are of. */
  labelled: z.number(),
});
export const promptCodesSchema = z.object({
  promptId: z.number().int(),
  messages: z.array(messageSchema),
  source: z.string(),
  weights: z.array(z.number()),
});

export const engineReportSchema = z.object({
  name: z.enum(ENGINE_NAMES),
  available: z.boolean(),
  device: z.string().nullable(),
  reason: z.string().nullable(),
  fix: z.string().nullable(),
  detail: z.string().nullable(),
  msPerStep: z.number().nullable(),
});

export type ProjectSettings = z.infer<typeof projectSettingsSchema>;
export type Project = z.infer<typeof projectSchema>;
export type Backup = z.infer<typeof backupSchema>;
export type RecentProject = z.infer<typeof recentProjectSchema>;
export type SetAsidePair = z.infer<typeof setAsidePairSchema>;
export type Source = z.infer<typeof sourceSchema>;
export type PairFilter = z.infer<typeof pairFilterSchema>;
export type PairDetails = z.infer<typeof pairDetailsSchema>;
export type TableView = z.infer<typeof tableViewSchema>;
export type SavedView = z.infer<typeof savedViewSchema>;
export type Selection = z.infer<typeof selectionSchema>;
export type PairRow = z.infer<typeof pairRowSchema>;
export type Annotator = z.infer<typeof annotatorSchema>;
export type ImportedLabel = z.infer<typeof importedLabelSchema>;
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
export type Step = z.infer<typeof stepSchema>;
export type QueueScope = z.infer<typeof queueScopeSchema>;
export type NewReply = z.infer<typeof newReplySchema>;
export type NewDecision = z.infer<typeof newDecisionSchema>;
export type UnsavedVerdict = z.infer<typeof unsavedVerdictSchema>;
export type AnnotationItem = z.infer<typeof annotationItemSchema>;
export type Queue = z.infer<typeof queueSchema>;
export type Model = z.infer<typeof modelSchema>;
export type PairSelection = z.infer<typeof pairSelectionSchema>;
export type TableFigures = z.infer<typeof tableFiguresSchema>;
export type Run = z.infer<typeof runSchema>;
export type CodeSummary = z.infer<typeof codeSummarySchema>;
export type CodesOverview = z.infer<typeof codesOverviewSchema>;
export type TopPrompt = z.infer<typeof topPromptSchema>;
export type PromptCodes = z.infer<typeof promptCodesSchema>;
export type CodeName = z.infer<typeof codeNameSchema>;
export type CodePage = z.infer<typeof codePageSchema>;
