/** The run doctor: findings in plain words, each with a fix, as pure functions of what the run has reported. */
import { COLLAPSE_SHARE, codesFix, IDLE_INFORMATION, idleness } from './codebookVerdict.ts';
import { beginsAtLn2, overfitting, worseThanUntrained } from './fitFindings.ts';
import { codesOf, hasPosterior } from './methods.ts';
import { denies, pullApart, remedyOf, type StandingRemedy } from './remedies.ts';
import type { RunConfig } from './runConfig.ts';
import type { EvaluationFrame, StepFrame, WarningFrame } from './runFrames.ts';

export interface RunHistory {
  readonly config: RunConfig;
  readonly steps: readonly StepFrame[];
  readonly evaluations: readonly EvaluationFrame[];
}
export type Finding = Omit<WarningFrame, 'type' | 'step'>;
type Rule = (history: RunHistory) => Finding | null;

const POSTERIOR_COLLAPSE_KL = 1e-3;
const TRANSFER_GAP = 0.2;
const RECENT_STEPS = 10;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const latest = ({ evaluations }: RunHistory): EvaluationFrame | undefined => evaluations.at(-1);

const LABELS_FIX =
  'Train the control “MLP(h_x)” beside it: where that is no better either, the prompts do not say what is preferred.';

/** I(code; prompt) in nats: H(mean p) − mean H(p). */
function promptInformation(evaluation: EvaluationFrame): number | null {
  const { codePerplexity, promptEntropy } = evaluation;
  if (codePerplexity === null || promptEntropy === null) return null;
  return Math.log(codePerplexity) - promptEntropy;
}

/**
 * Of the objectives, DPO's loss alone is known before the first step: a policy equal to its reference has margins of 0. Codes of
 * deviation 0.3 in a small model's own coordinates miss it by up to 0.04 on a row.
 */
const FIRST_LOSS_TOLERANCE = 0.05;
/** z that moves the logits by more than this changes what is said, not what is preferred. */
const MOST_SHIFT = 3;
/** β at which z is short enough where a warm start finds it. */
const SHORT_Z_BETA = 1;

/** Seen to help: docs/lpc.md. */
const RATES_FIX = 'Lower the rates of the heads and of the codes’ length to a third.';
const shorterZ = ({ beta }: RunConfig): string =>
  beta < SHORT_Z_BETA ? `Raise β to ${SHORT_Z_BETA}: z is then shorter.` : RATES_FIX;
const HEADS_RATE_FIX = 'Lower the rate of the heads to a third.';
const LESS_RATE_FIX = 'Lower the learning rate to a third.';
/** Against a z that is too long; without codes there is no length of theirs to change. */
const zFix = (config: RunConfig): string =>
  codesOf(config) === null ? HEADS_RATE_FIX : codesFix(config, shorterZ(config));

const startsApart: Rule = ({ config, steps }) => {
  const first = steps[0];
  if (first?.step !== 1 || !beginsAtLn2(config) || config.latent === null) return null;
  const { klWeight, klWarmupSteps } = config.latent;
  const loss = first.loss - (klWarmupSteps > 0 ? 0 : klWeight * first.kl);
  // A loss that is no number is said in other words.
  if (!(Math.abs(loss - Math.LN2) > FIRST_LOSS_TOLERANCE)) return null;
  return {
    code: 'first-loss',
    message: `The loss starts at ${loss.toFixed(2)} where ln 2 = 0.69 belongs: z moves the replies before it has learnt anything.`,
    fix: zFix(config),
  };
};

const logitsMoved: Rule = (history) => {
  const evaluation = latest(history);
  const shift = evaluation?.logitShift ?? null;
  if (
    history.config.latent === null ||
    shift === null ||
    shift <= MOST_SHIFT ||
    history.config.objective !== 'dpo'
  )
    return null;
  return {
    code: 'logits-moved',
    message: `z moves the logits of the vocabulary by ${shift.toFixed(1)} nats (standard deviation, mean over held-out prompts): at more than ${MOST_SHIFT} it decides what is said, not what is preferred.`,
    fix: zFix(history.config),
  };
};

const codeCollapse: Rule = (history) => {
  const share = latest(history)?.topCodeShare ?? null;
  if (share === null || share <= COLLAPSE_SHARE) return null;
  return {
    code: 'code-collapse',
    message: `Code collapse: one code carries ${percent(share)} of the held-out prompts.`,
    fix: codesFix(history.config),
  };
};

/** Posterior and prior alike are no illness while codes tell prompts apart, however many of them are unused. */
const posteriorCollapse: Rule = (history) => {
  const evaluation = latest(history);
  if (!evaluation || !hasPosterior(history.config) || evaluation.kl >= POSTERIOR_COLLAPSE_KL) return null;
  const information = promptInformation(evaluation);
  if (information === null || information >= IDLE_INFORMATION) return null;
  return {
    code: 'posterior-collapse',
    message: `Posterior collapse: posterior and prior are the same (KL ${evaluation.kl.toExponential(1)}) while codes stay unused.`,
    fix: codesFix(history.config),
  };
};

/**
 * Without codes, a posterior that says what the prior says, after half of the run, means an unused latent: unless the KL has no weight, or
 * the prior alone makes z and nothing but the KL moves the posterior.
 */
const gaussianCollapse: Rule = (history) => {
  const evaluation = latest(history);
  const { latent } = history.config;
  if (!evaluation || !hasPosterior(history.config) || codesOf(history.config) !== null) return null;
  if (latent?.klWeight === 0 || latent?.priorShare === 'prior-only') return null;
  if (evaluation.kl >= POSTERIOR_COLLAPSE_KL || evaluation.step < history.config.steps / 2) return null;
  return {
    code: 'posterior-collapse',
    message: `Posterior collapse: posterior and prior are the same (KL ${evaluation.kl.toExponential(1)}), so the latent learns nothing from the labels.`,
    fix: 'Lower the KL weight to a hundredth.',
  };
};

const idleCodes: Rule = (history) => {
  const evaluation = latest(history);
  if (!evaluation || evaluation.step < history.config.steps / 2) return null;
  const information = promptInformation(evaluation);
  if (information === null) return null;
  const idle = idleness(information, Math.log(evaluation.codePerplexity ?? 1));
  if (idle === null) return null;
  // Said in other words already.
  if ((evaluation.topCodeShare ?? 0) > COLLAPSE_SHARE || evaluation.kl < POSTERIOR_COLLAPSE_KL) return null;
  return {
    code: 'idle-codes',
    message: idle.message,
    fix: codesFix(history.config),
  };
};

/** Without a posterior the prior is what the labels teach. */
const NO_POSTERIOR_FIX = 'Set the posterior to “none”: the prior alone then learns from the labels.';
const transferFix = (config: RunConfig): string =>
  codesOf(config) === null
    ? 'Set the prior’s share to “prior only”: what is used is then what is trained.'
    : codesFix(config, NO_POSTERIOR_FIX);

const transferFailed: Rule = (history) => {
  const evaluation = latest(history);
  if (!evaluation || evaluation.posteriorAccuracy === null) return null;
  // The remedy is taken already.
  if (codesOf(history.config) === null && history.config.latent?.priorShare === 'prior-only') return null;
  if (evaluation.posteriorAccuracy - evaluation.accuracy <= TRANSFER_GAP) return null;
  const swapped =
    evaluation.swappedAccuracy === null ? '' : `, ${percent(evaluation.swappedAccuracy)} on swapped pairs`;
  return {
    code: 'transfer-failed',
    message: `Transfer failed: the posterior reaches ${percent(evaluation.posteriorAccuracy)}${swapped}, the prior only ${percent(evaluation.accuracy)}. The posterior reads the label; the prior cannot follow.`,
    fix: transferFix(history.config),
  };
};

/** z at the head pushes both replies down by its length; a backbone by how far a step goes. */
const fallingFix = (config: RunConfig): string =>
  config.trainable === 'heads' && config.latent !== null ? zFix(config) : LESS_RATE_FIX;

/** Of the margin: a chosen reply that loses less than this beside it is where it was. */
const FALLEN_SHARE = 0.1;

const chosenFalling: Rule = (history) => {
  const [before, middle, now] = history.evaluations.slice(-3);
  if (!before || !middle || !now) return null;
  const falls = now.rewardChosen < middle.rewardChosen && middle.rewardChosen < before.rewardChosen;
  const fallen = now.rewardChosen < -FALLEN_SHARE * Math.max(now.margin, 0) && now.rewardChosen < 0;
  if (!falls || !fallen || now.margin <= before.margin) return null;
  return {
    code: 'chosen-falling',
    message: `The chosen reply loses probability too (reward ${now.rewardChosen.toFixed(2)}) while the margin grows: the model is being pushed away from both replies.`,
    fix: fallingFix(history.config),
  };
};

const accuracyStuck: Rule = (history) => {
  const evaluation = latest(history);
  if (!evaluation || evaluation.pairs === 0 || evaluation.step < history.config.steps / 2) return null;
  const standardError = 0.5 / Math.sqrt(evaluation.pairs);
  if (Math.abs(evaluation.accuracy - 0.5) > standardError) return null;
  return {
    code: 'accuracy-stuck',
    message: `Accuracy is ${percent(evaluation.accuracy)} on ${evaluation.pairs} held-out pairs, no better than a coin flip.`,
    fix:
      codesOf(history.config) === null
        ? 'Check the labels of a few pairs by eye: the Library shows those that the run is surest to be wrong.'
        : codesFix(history.config, LABELS_FIX),
  };
};

/** KL at which something is wrong: for codes more than they can differ by, for a Gaussian more than a pair's labels tell. */
function klLimit(config: RunConfig): { readonly nats: number; readonly words: string } | null {
  const codes = codesOf(config);
  if (codes !== null)
    return { nats: Math.log(codes), words: `more than ln K = ${Math.log(codes).toFixed(2)}` };
  const { latent } = config;
  if (latent === null || !hasPosterior(config) || latent.klWeight === 0) return null;
  return {
    nats: Math.LN2 / latent.klWeight,
    words: `which costs more than a label can carry (ln 2)`,
  };
}

const klBlowUp: Rule = (history) => {
  const recent = history.steps.slice(-RECENT_STEPS);
  if (recent.length < RECENT_STEPS) return null;
  const limit = klLimit(history.config);
  const kl = recent.reduce((sum, step) => sum + step.kl, 0) / recent.length;
  if (limit === null || kl <= limit.nats) return null;
  return {
    code: 'kl-blow-up',
    message: `KL blow-up: posterior and prior are ${kl.toFixed(2)} nats apart, ${limit.words}.`,
    fix: codesOf(history.config) === null ? HEADS_RATE_FIX : codesFix(history.config, NO_POSTERIOR_FIX),
  };
};

const RULES: readonly Rule[] = [
  startsApart,
  logitsMoved,
  codeCollapse,
  posteriorCollapse,
  gaussianCollapse,
  idleCodes,
  transferFailed,
  chosenFalling,
  accuracyStuck,
  klBlowUp,
  worseThanUntrained,
  overfitting,
];

/** What the run doctor has said: its codes, and the remedies that stand. */
export interface Said {
  readonly codes: readonly string[];
  readonly remedies: readonly StandingRemedy[];
}
const NOTHING: Said = { codes: [], remedies: [] };

const after = ({ fix, suggestion }: StandingRemedy, { code, message }: Finding): Finding => ({
  code,
  message,
  fix: `First, one thing at a time: ${fix}`,
  ...(suggestion && { suggestion }),
});

/**
 * What stands out now and is not denied by what was said before. A finding whose own remedy would pull against one that stands gives that one:
 * two at once tell nothing of either. The caller says each finding once.
 */
export function diagnose(history: RunHistory, said: Said = NOTHING): Finding[] {
  const codes = [...said.codes];
  const remedies = [...said.remedies];
  return RULES.flatMap((rule) => {
    const found = rule(history);
    if (found === null || codes.some((code) => denies(code, found.code))) return [];
    const first = remedies.find(({ fix }) => pullApart(fix, found.fix));
    const finding = first === undefined ? found : after(first, found);
    codes.push(found.code);
    if (first === undefined) remedies.push(remedyOf(found));
    return finding;
  });
}

/** Name of the first field that is NaN or infinite, or null. */
export function nonFiniteField(fields: Readonly<Record<string, number | null>>): string | null {
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && !Number.isFinite(value)) return name;
  }
  return null;
}

/** Said of the step at which a run's numbers left the finite; `kept` is the newest checkpoint's folder, or null. */
export function notFinite(step: number, field: string, value: number, kept: string | null): Finding {
  return {
    code: 'not-finite',
    message: `Training broke down at step ${step}: ${field} is ${value}. ${kept === null ? 'No checkpoint had been written yet.' : `The last checkpoint is kept: ${kept}.`}`,
    fix: 'Lower the learning rates to a tenth.',
  };
}
