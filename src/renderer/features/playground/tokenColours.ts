/** What the colour of a reply's token stands for. Pure. */
import type { ReplyTokens } from '#shared/policyEntities.ts';
import { formatFigure } from '../../format.ts';

export type ReplyToken = ReplyTokens['tokens'][number];
export type TokenColours = 'off' | 'logp' | 'reward';

export const TOKEN_COLOURS: readonly { readonly value: TokenColours; readonly label: string }[] = [
  { value: 'off', label: 'Off' },
  { value: 'logp', label: 'Log-probability' },
  { value: 'reward', label: 'Reward' },
];

export const nextColours = (now: TokenColours): TokenColours =>
  now === 'off' ? 'logp' : now === 'logp' ? 'reward' : 'off';

/** A token of this log-probability, about 1 in 400, or of a lower one has the full colour. */
const FULL_LOGP = -6;
const LEAST_SCALE = 1e-3;

/** Log-probability, or the reward less that of the other policy (of a base model: 0). */
export const tokenValue = ({ own, other }: ReplyToken, colours: TokenColours): number =>
  colours === 'logp' ? own.logp : own.reward - (other?.reward ?? 0);

/** The value that has the full colour: one for all replies on screen. */
export function colourScale(replies: readonly (readonly ReplyToken[])[], colours: TokenColours): number {
  if (colours === 'logp') return -FULL_LOGP;
  const sizes = replies.flat().map((token) => Math.abs(tokenValue(token, colours)));
  return sizes.reduce((most, size) => Math.max(most, size), LEAST_SCALE);
}

export interface Shade {
  /** How much of the full colour, 0 to 1. */
  readonly size: number;
  readonly tone: 'unlikely' | 'more' | 'less';
}

export function shadeOf(token: ReplyToken, colours: TokenColours, scale: number): Shade {
  const value = tokenValue(token, colours);
  const size = Math.min(1, Math.abs(value) / scale);
  return { size, tone: colours === 'logp' ? 'unlikely' : value < 0 ? 'less' : 'more' };
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${formatFigure(value, 3)}`;

/** All figures of a token: `log-probability −2.31 (10 %), beside −2.90 · reward +0.059, beside 0.000, difference +0.059`. */
export function tokenFigures({ own, other }: ReplyToken): string {
  const share = Math.exp(own.logp);
  const chance = share < 0.001 ? 'below 0.1 %' : `${formatFigure(100 * share, 1)} %`;
  return [
    `log-probability ${formatFigure(own.logp, 2)} (${chance})${other ? `, beside ${formatFigure(other.logp, 2)}` : ''}`,
    `reward ${signed(own.reward)}${
      other ? `, beside ${signed(other.reward)}, difference ${signed(own.reward - other.reward)}` : ''
    }`,
  ].join(' · ');
}

/** What stands under a reply before a token is read. */
export function replyFigures(tokens: readonly ReplyToken[]): string {
  const total = (value: (token: ReplyToken) => number) =>
    tokens.reduce((sum, token) => sum + value(token), 0);
  const compared = tokens.some(({ other }) => other !== null);
  return [
    `Whole reply: log-probability ${formatFigure(
      total(({ own }) => own.logp),
      2,
    )}`,
    `reward ${signed(total(({ own }) => own.reward))}`,
    ...(compared
      ? [`difference to the one beside ${signed(total((token) => tokenValue(token, 'reward')))}`]
      : []),
  ].join(' · ');
}
