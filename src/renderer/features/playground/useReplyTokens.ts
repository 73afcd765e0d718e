import { useQueries } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import type { FoundReply } from './lanes.ts';
import { usePlayground } from './playgroundStore.ts';
import { colourScale, type ReplyToken, type TokenColours } from './tokenColours.ts';

interface TokensOfReply {
  /** Null while they are read. */
  readonly tokens: readonly ReplyToken[] | null;
  readonly error: unknown;
}

export interface ColouredReplies {
  readonly colours: TokenColours;
  /** What has the full colour. */
  readonly scale: number;
  /** By the reply's key. */
  readonly of: ReadonlyMap<string, TokensOfReply>;
}

/** The tokens of the two replies of the pair, each by its own policy and by the other's. */
export function useReplyTokens(found: readonly FoundReply[]): ColouredReplies {
  const { colours, asked, drawn } = usePlayground();
  const own = ({ lane }: FoundReply) => ({ ...lane.policy, codes: lane.codes });
  const wanted =
    colours === 'off' || asked === null || drawn === null
      ? []
      : found.filter(({ reply }) => reply.ids.length > 0);
  const queries = useQueries({
    queries: wanted.map((reply) => {
      const beside = found.find(({ lane }) => lane.key !== reply.lane.key);
      const input = {
        own: own(reply),
        other: beside ? own(beside) : null,
        messages: [...(asked ?? [])],
        ids: [...reply.reply.ids],
        seed: drawn?.seed ?? 0,
        maxTokens: drawn?.maxTokens ?? 1,
        sample: reply.place,
      };
      return {
        ...api.playground.replyTokens.queryOptions({ input }),
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
      };
    }),
  });
  const of = new Map(
    wanted.map(({ key }, at) => [
      key,
      { tokens: queries[at]?.data?.tokens ?? null, error: queries[at]?.error ?? null },
    ]),
  );
  const all = [...of.values()].flatMap(({ tokens }) => (tokens === null ? [] : [tokens]));
  return { colours, scale: colourScale(all, colours), of };
}
