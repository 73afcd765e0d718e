/** A flat picture of prompts: near each other where their codes, or what the prior reads of them, are alike. */
import { z } from 'zod';

export const MAP_METHODS = ['pca', 'umap', 'tsne'] as const;
/** p(z|x) of every prompt, or the states h_x that were kept beside it. */
export const MAP_FEATURES = ['codes', 'state'] as const;
export const MAP_COLOURS = ['code', 'source', 'aspect', 'annotator', 'entropy', 'margin', 'right'] as const;

/** More prompts than this are not laid out by neighbours: as many are drawn from them. A plane (PCA) holds all. */
export const MOST_LAID_OUT = 100_000;
/** Places run from 0 to this in both directions, with the same scale. */
export const MAP_EDGE = 65_535;
/** Of a prompt without a value of what colours the picture. */
export const NO_VALUE = 65_535;

export const mapSettingsSchema = z.object({
  method: z.enum(MAP_METHODS),
  features: z.enum(MAP_FEATURES),
  seed: z.number().int().min(0).max(0x7fffffff),
});

export const codeMapSchema = z.object({
  settings: mapSettingsSchema,
  /** Of what was laid out: another one means that codes were read since. */
  fingerprint: z.string(),
  /** Prompts in the picture. */
  rows: z.number(),
  /** Prompts with codes. */
  prompts: z.number(),
  /** Rows, uint32 little-endian, base64. */
  promptIds: z.string(),
  /** Rows × 2, uint16 little-endian, base64: 0 to `MAP_EDGE`. */
  places: z.string(),
  /** Share of a prompt's 15 nearest that are its nearest in the picture too. */
  kept: z.number().nullable(),
  /** Shares of all spread that the two directions of a plane hold. */
  explained: z.tuple([z.number(), z.number()]).nullable(),
  /** Share of prompts whose source a linear rule names: from the features, from the two coordinates, and by naming the commonest always. */
  probe: z
    .object({
      features: z.number().nullable(),
      picture: z.number().nullable(),
      commonest: z.number(),
      prompts: z.number(),
    })
    .nullable(),
});

export const mapColoursSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('names'),
    names: z.array(z.string()),
    /** Rows, uint16 little-endian, base64: place in `names`, or `NO_VALUE`. */
    of: z.string(),
  }),
  z.object({
    kind: z.literal('scale'),
    low: z.number(),
    high: z.number(),
    /** Rows, uint16 little-endian, base64: 0 (`low`) to 65,534 (`high`), or `NO_VALUE`. */
    of: z.string(),
  }),
]);

/** Prompts within areas of a picture, drawn by hand. */
export const mapRegionSchema = z.object({
  settings: mapSettingsSchema,
  fingerprint: z.string(),
  /** Each the corners of an area, [x, y] in turn; a prompt within any of them is in. */
  areas: z.array(z.array(z.number()).min(6).max(20_000)).min(1).max(100),
});

export type MapSettings = z.infer<typeof mapSettingsSchema>;
export type MapColour = (typeof MAP_COLOURS)[number];
export type CodeMap = z.infer<typeof codeMapSchema>;
export type MapColours = z.infer<typeof mapColoursSchema>;
export type MapRegion = z.infer<typeof mapRegionSchema>;
