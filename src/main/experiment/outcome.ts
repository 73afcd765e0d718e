/** An experiment that has run: what the JSON, the table and the report are made from. */
import { settingsRead } from '#core/latentSettings.ts';
import type { Failure } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { type MethodSummary, summariseMethods } from './compare.ts';
import { summariseAudits } from './runAudits.ts';
import type {
  CellResult,
  Design,
  DesignInput,
  FailedCell,
  FittedCandidates,
  JsonValue,
  MadeAudit,
} from './types.ts';

export interface ExperimentOutcome {
  readonly design: Design;
  readonly input: DesignInput;
  readonly results: readonly CellResult[];
  readonly failed: readonly FailedCell[];
  readonly summaries: readonly MethodSummary[];
  readonly fits: readonly FittedCandidates[];
  readonly audits: readonly MadeAudit[];
  /** What only this experiment has. */
  readonly own: { readonly [key: string]: JsonValue };
  readonly about: About;
}

/** Where and how it was run. */
export interface About {
  readonly command: string;
  readonly at: string;
  readonly data: string;
  readonly pairs: number;
  readonly model: string;
  readonly parameters: number;
  readonly modelFingerprint: string;
  readonly codeVersion: string;
  readonly codeFingerprint: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly seeds: readonly number[];
  readonly processes: number;
  /** Cells that were not computed anew. */
  readonly known: number;
  /** Cells that were asked for and are not there yet. */
  readonly missing: number;
  readonly seconds: number;
}

export function experimentOutcome(
  design: Design,
  input: DesignInput,
  ended: Pick<ExperimentOutcome, 'results' | 'failed' | 'fits' | 'audits'>,
  about: About,
): ExperimentOutcome {
  return {
    design,
    input,
    ...ended,
    summaries: summariseMethods(ended.results, design.baseOf),
    own: design.summarise?.(ended.results, input) ?? {},
    about,
  };
}

/** Settings that all cells share, and what each method changes. */
export function settingsOf(results: readonly CellResult[]): {
  readonly shared: Readonly<Record<string, JsonValue>>;
  readonly own: ReadonlyMap<string, Readonly<Record<string, JsonValue>>>;
} {
  const flat = results.map(({ config }) => flatSettings(config));
  const keys = [...new Set(flat.flatMap((settings) => Object.keys(settings)))].filter(
    (key) => key !== 'seed',
  );
  const isShared = (key: string) =>
    new Set(flat.filter((settings) => key in settings).map((settings) => JSON.stringify(settings[key])))
      .size === 1;
  const shared = keys.filter((key) => key !== 'latent' && isShared(key));
  const valueAt = (key: string): JsonValue => flat.find((settings) => key in settings)?.[key] ?? null;
  const own = new Map<string, Record<string, JsonValue>>();
  for (const [index, { cell }] of results.entries()) {
    const settings = flat[index]!;
    const different = keys.filter((key) => !shared.includes(key) && key in settings);
    own.set(cell.method, Object.fromEntries(different.map((key) => [key, settings[key] ?? null])));
  }
  return { shared: Object.fromEntries(shared.map((key) => [key, valueAt(key)])), own };
}

/** `latent.codes` and the like, as far as they are read, beside the rest; `latent` says whether there is one. */
function flatSettings({ latent, ...config }: RunConfig): Record<string, JsonValue> {
  const inner = (latent ? settingsRead(latent) : []).map(([key, value]) => [
    `latent.${key}`,
    value as JsonValue,
  ]);
  return {
    ...(config as unknown as Record<string, JsonValue>),
    latent: latent === null ? 'none' : 'yes',
    ...Object.fromEntries(inner),
  };
}

const failureJson = ({ cell, failure }: FailedCell): { key: string; failure: Failure } => ({
  key: cell.key,
  failure,
});

const cellJson = (result: CellResult) => ({
  key: result.cell.key,
  group: result.cell.group,
  method: result.cell.method,
  seed: result.cell.seed,
  data: result.cell.data().name,
  trainingPairs: result.trainingPairs,
  testPairs: result.pairs.length,
  ...result.figures,
  ...(result.cell.facts && { facts: result.cell.facts }),
  warnings: result.warnings,
  engine: result.engine,
  seconds: result.seconds,
  processorSeconds: result.processorSeconds,
  at: result.at,
  contentKey: result.contentKey,
  settings: result.config,
});

/** The whole of it without the single pairs and codes, which stay in the folder under each cell's content key. */
export function outcomeJson({
  design,
  results,
  failed,
  summaries,
  fits,
  audits,
  own,
  about,
}: ExperimentOutcome) {
  return {
    experiment: design.name,
    title: design.title,
    question: design.question,
    paper: design.paper ?? null,
    ...about,
    intervals:
      '95 %: seeds and prompts redrawn together 2,000 times (crossed bootstrap, keyed); for codes the range over seeds',
    ...own,
    methods: summaries,
    ...(fits.length > 0 && { candidates: fits }),
    ...(audits.length > 0 && { recall: summariseAudits(audits), audits }),
    failed: failed.map(failureJson),
    cells: results.map(cellJson),
  };
}
