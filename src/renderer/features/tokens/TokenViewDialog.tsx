import { Modal, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { formatCount } from '../../format.ts';
import { useRuns } from '../train/useRuns.ts';
import { TokenStrip } from './TokenStrip.tsx';
import css from './tokens.module.css';
import { type NamedReply, namedTokens } from './tokenWords.ts';

interface Props {
  /** Null keeps the dialog closed. */
  readonly pairId: number | null;
  /** The replies as the screen names them, in its order. */
  readonly replies: readonly NamedReply[];
  readonly onClose: () => void;
}

/** A pair as a model reads it: every token, what counts in the loss, what was cut. */
export function TokenViewDialog({ pairId, replies, onClose }: Props) {
  return (
    <Modal
      opened={pairId !== null}
      onClose={onClose}
      title={`Tokens of pair ${pairId ?? ''}`}
      size="min(64rem, 94vw)"
    >
      {pairId !== null && <Body pairId={pairId} replies={replies} />}
    </Modal>
  );
}

interface Reader {
  readonly key: string;
  readonly label: string;
  readonly modelId: number;
  readonly config: RunConfig;
}

/** Models with the settings new runs start from, and runs with their own. */
function useReaders(): { readonly readers: readonly Reader[] | null; readonly error: unknown } {
  const models = useQuery(api.models.list.queryOptions());
  const runs = useRuns();
  if (!models.data || !runs.data) return { readers: null, error: models.error ?? runs.error };
  const here = models.data.filter(({ exists }) => exists);
  return {
    error: null,
    readers: [
      ...here.map(({ id, name }) => ({
        key: `model:${id}`,
        label: `${name}, limits of a new run`,
        modelId: id,
        config: DEFAULT_RUN,
      })),
      ...runs.data
        .filter(({ modelId }) => here.some(({ id }) => id === modelId))
        .map(({ id, name, modelName, modelId, config }) => ({
          key: `run:${id}`,
          label: `${modelName}, limits of ${name}`,
          modelId,
          config,
        })),
    ],
  };
}

interface BodyProps {
  readonly pairId: number;
  readonly replies: readonly NamedReply[];
}

function Body({ pairId, replies }: BodyProps) {
  const { readers, error } = useReaders();
  const [picked, setPicked] = useState<string | null>(null);
  const reader = readers?.find(({ key }) => key === picked) ?? readers?.[0];
  const tokens = useQuery({
    ...api.playground.tokens.queryOptions({
      input: { modelId: reader?.modelId ?? 0, pairId, config: reader?.config ?? DEFAULT_RUN },
      enabled: reader !== undefined,
    }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (readers !== null && readers.length === 0)
    return <p className="muted">No model is there to read the pair: add one in Settings, under Models.</p>;
  const limits = reader?.config ?? DEFAULT_RUN;
  return (
    <div className={css.body}>
      <ErrorCard error={error} />
      <div className={css.top}>
        <NativeSelect
          label="Read by"
          value={reader?.key ?? ''}
          data={(readers ?? []).map(({ key, label }) => ({ value: key, label }))}
          onChange={({ currentTarget }) => setPicked(currentTarget.value)}
        />
        <p className="small muted" style={{ margin: 0 }}>
          At most {formatCount(limits.maxPromptTokens)} prompt tokens and {formatCount(limits.maxReplyTokens)}{' '}
          of a reply.{' '}
          <span className={css.token} data-trained>
            counts in the loss
          </span>{' '}
          <span className={css.token}>does not</span>{' '}
          <span className={css.token} data-special>
            special
          </span>{' '}
          · space, → tab, ⏎ line break
        </p>
      </div>
      <ErrorCard error={tokens.error} onRetry={() => void tokens.refetch()} />
      {tokens.isPending && !tokens.error && <Loading label="Tokenising the pair…" />}
      {tokens.data !== undefined && (
        <>
          <TokenStrip name="Prompt" tokens={tokens.data.prompt} cut={tokens.data.promptCut} cutFrom="start" />
          {namedTokens(tokens.data, replies).map(({ name, tokens: reply, cut }) => (
            <TokenStrip key={name} name={name} tokens={reply} cut={cut} cutFrom="end" />
          ))}
        </>
      )}
    </div>
  );
}
