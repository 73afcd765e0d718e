/** What a person has chosen among the codes of a run. */
import { z } from 'zod';
import { mapRegionSchema } from './codeMap.ts';
import { promptsFilterSchema } from './promptRows.ts';

/** What pairs are put together by, beside a matrix of codes. */
export const CODE_GROUPS = ['source', 'aspect', 'tag', 'annotator'] as const;

/** Pairs in use whose prompts are all of this at once; every prompt with codes where nothing is named. */
export const codeSelectionSchema = z.object({
  /** The strongest code of the prompt is one of these. */
  codes: z.array(z.number().int().min(0)).min(1).max(10_000).optional(),
  promptIds: z.array(z.number().int()).min(1).max(100_000).optional(),
  /** The prompt is one that a table holds. */
  listed: promptsFilterSchema.optional(),
  /** The prompt lies there in a picture of prompts. */
  region: mapRegionSchema.optional(),
  /** The pair itself is of this source, aspect or tag, or was decided by this person. */
  group: z.object({ by: z.enum(CODE_GROUPS), name: z.string() }).optional(),
});
/** `pairIds` are the first of all `pairs` where one change could not take them all. */
export const selectedPairsSchema = z.object({
  pairs: z.number(),
  prompts: z.number(),
  pairIds: z.array(z.number().int()),
});

/** How far the pairs of each code are labelled. */
export const codeCoverageSchema = z.object({
  /** A code with fewer pairs labelled by people than this is under-labelled. */
  codes: z.array(
    z.object({
      code: z.number(),
      /** In use, of the prompts that fire it most. */
      pairs: z.number(),
      /** Decided by a person, skips not counted. */
      labelled: z.number(),
      /** As many more as would bring it to its measure; 0 where it is labelled enough or nothing is left to label. */
      wanted: z.number(),
    }),
  ),
  /** Those pairs: of each under-labelled code as many as it wants, drawn at random among those that nobody has decided. */
  pairIds: z.array(z.number().int()),
});

/** How the codes of pairs fall on sources, aspects, tags or people. */
export const codeMatrixSchema = z.object({
  by: z.enum(CODE_GROUPS),
  groups: z.array(
    z.object({
      name: z.string(),
      pairs: z.number(),
      /** Mean p(z|x) over its pairs, by code. */
      mean: z.array(z.number()),
      /** Pairs whose prompts fire the code most, by code. */
      first: z.array(z.number()),
    }),
  ),
  /** Smaller groups that are left out. */
  others: z.number(),
});

export type CodeGroup = (typeof CODE_GROUPS)[number];
export type CodeSelection = z.infer<typeof codeSelectionSchema>;
export type SelectedPairs = z.infer<typeof selectedPairsSchema>;
export type CodeCoverage = z.infer<typeof codeCoverageSchema>;
export type CodeMatrix = z.infer<typeof codeMatrixSchema>;
