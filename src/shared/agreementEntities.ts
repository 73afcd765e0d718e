/** How far people agree, and how each of them labels: what is asked, and what comes of it. */
import { z } from 'zod';
import { shareSchema } from './dataEntities.ts';

/** Whose labels are compared: people's here, or also those that files give by name. */
export const RATER_CHOICES = ['people', 'files', 'all'] as const;
export const agreementAskSchema = z.object({
  raters: z.enum(RATER_CHOICES).default('people'),
  /** The run whose codes group the pairs; null for none. */
  runId: z.number().int().nullable().default(null),
  seed: z.number().int().min(0).default(0),
});

const coefficientSchema = z.object({
  /** Null where it is not defined: nothing to compare, or only one label occurs. */
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
const figuresSchema = z.object({
  /** What the ratings are of: a source, an aspect, two people, a code. */
  name: z.string(),
  /** With labels of two raters or more. */
  items: z.number(),
  labels: z.number(),
  /** Share of comparisons of two labels that are the same. */
  raw: coefficientSchema,
  /** Mean over all two raters where there are more. */
  cohen: coefficientSchema,
  fleiss: coefficientSchema,
  /** Krippendorff's, labels equally far apart. */
  alpha: coefficientSchema,
  /** The same on the scale from one reply far better to the other far better. */
  ordinal: coefficientSchema,
  ac1: coefficientSchema,
});
/** Dawid and Skene's: each rater's confusion and the true labels found together. */
const consensusSchema = z.object({
  /** Pairs with labels of two raters or more. */
  items: z.number(),
  /** Of those, pairs whose likeliest label is not the one that most gave. */
  againstMost: z.number(),
  /** Pairs whose likeliest label has a probability of 0.95 or more. */
  sure: z.number(),
});
const personSchema = z.object({
  name: z.string(),
  kind: z.enum(['person', 'import']),
  decided: z.number(),
  /** Of preferences whose sides are known, those for the left reply. */
  left: shareSchema,
  /** Of preferences between replies of unequal length, those for the longer one. */
  longer: shareSchema,
  /** Of preferences on pairs where most of the others prefer a reply, those that are the same. */
  likeOthers: shareSchema,
});
export const agreementSchema = z.object({
  raters: z.array(z.string()),
  /** Draws of a bootstrap interval; fewer where there are very many combinations of labels. */
  resamples: z.number(),
  overall: figuresSchema,
  /** Answers on the aspects that the project asks for. */
  asked: z.array(figuresSchema),
  /** Verdicts on pairs of an aspect that a file names. */
  aspects: z.array(figuresSchema),
  sources: z.array(figuresSchema),
  /** Each person with themselves, on pairs that came to them again. */
  again: z.array(figuresSchema),
  couples: z.array(figuresSchema.extend({ one: z.string(), other: z.string() })),
  /** By the strongest code of a pair's prompt; null without a run. */
  codes: z.array(figuresSchema.extend({ code: z.number() })).nullable(),
  consensus: consensusSchema,
  people: z.array(
    personSchema.extend({
      /** Of labels on pairs that others labelled too, those that are right by the consensus: an expected count. */
      reliability: shareSchema,
      /** Of each code of the run: preferences that most of the others share. */
      codes: z.array(z.object({ code: z.number(), decided: z.number(), likeOthers: shareSchema })),
    }),
  ),
});

export type RaterChoice = (typeof RATER_CHOICES)[number];
export type AgreementAsk = z.infer<typeof agreementAskSchema>;
export type AgreementRow = z.infer<typeof figuresSchema>;
export type AgreementPerson = z.infer<typeof agreementSchema>['people'][number];
export type AgreementReport = z.infer<typeof agreementSchema>;
