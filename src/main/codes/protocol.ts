/** What the process that reads codes is asked, and answers. */
import type { RunConfig } from '#core/runConfig.ts';
import type { CodeFlow } from '#shared/codeFlow.ts';
import type { CodeMap, MapColour, MapColours, MapSettings } from '#shared/codeMap.ts';
import type {
  CodeCoverage,
  CodeGroup,
  CodeMatrix,
  CodeSelection,
  SelectedPairs,
} from '#shared/codeSelection.ts';
import type { CodePage, CodesOverview, PromptCodes, TopPrompt } from '#shared/entities.ts';
import type { HeatGroup, HeatLines, HeatLinesAsk, HeatMap } from '#shared/heatMap.ts';
import type { MapMotion } from '#shared/mapMotion.ts';
import type { PromptPage, PromptsAsk } from '#shared/promptRows.ts';
import type { Viewer } from '../data/pairRows.ts';

/** Codes by a checkpoint; another revision means that codes were stored since. */
export interface CodesPlace {
  readonly runId: number;
  readonly step: number;
  readonly revision: number;
  /** Folder of the run. */
  readonly runDir: string;
}

/** Each throws `codes.none` where the checkpoint's codes are being replaced, `codes.unknown-code` where a code is none of the run's. */
export interface CodeQuestions {
  readonly overview: (place: CodesPlace, config: RunConfig) => Omit<CodesOverview, 'causes'>;
  readonly heatMap: (place: CodesPlace, by: HeatGroup, viewer: Viewer) => HeatMap;
  readonly prompts: (place: CodesPlace, ask: PromptsAsk) => PromptPage;
  readonly heatLines: (place: CodesPlace, ask: HeatLinesAsk, viewer: Viewer) => HeatLines;
  readonly topPrompts: (place: CodesPlace, code: number, limit: number) => TopPrompt[];
  readonly prompt: (place: CodesPlace, promptId: number) => PromptCodes;
  readonly page: (place: CodesPlace, code: number, viewer: Viewer) => CodePage;
  readonly select: (place: CodesPlace, selection: CodeSelection, viewer: Viewer) => SelectedPairs;
  readonly coverage: (place: CodesPlace) => CodeCoverage;
  /** null where prompts were not laid out like that, or their codes were read anew since. */
  readonly map: (place: CodesPlace, settings: MapSettings) => CodeMap | null;
  /** Throws `codes.map-changed` where there is no such picture any more. */
  readonly mapColours: (
    place: CodesPlace,
    settings: MapSettings,
    by: MapColour,
    viewer: Viewer,
  ) => MapColours;
  readonly matrix: (place: CodesPlace, by: CodeGroup) => CodeMatrix;
  /** By a run's evaluations, or by the steps whose codes are stored. */
  readonly timeline: (runId: number, runDir: string, steps: readonly number[]) => CodeFlow;
  /** Prompts of a run's evaluations as points that move; null where it kept none. */
  readonly motion: (runDir: string) => MapMotion | null;
  /** Codes of one checkpoint beside those of another. */
  readonly alignment: (first: CodesPlace, second: CodesPlace) => CodeFlow;
}
