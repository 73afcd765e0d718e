import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { whyWithoutCodes } from '#core/methods.ts';
import { client } from '../../api/client.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import type { Span } from '../../components/prose/textDiff.ts';
import { useTextDiff } from '../../components/prose/useTextDiff.ts';
import { LaneView } from './LaneView.tsx';
import { pairToKeep } from './lanes.ts';
import css from './playground.module.css';
import { setPlayground, usePlayground } from './playgroundStore.ts';
import type { Policy } from './policies.ts';
import { useReplyTokens } from './useReplyTokens.ts';

interface Props {
  readonly diffOn: boolean;
  readonly policy: Policy;
  readonly onRetry: () => void;
}

/** The lanes side by side; before the first question, what can be done here. */
export function Lanes({ diffOn, policy, onRetry }: Props) {
  const lanes = usePlayground((state) => state.lanes);
  const picked = usePlayground((state) => state.picked);
  const found = useMemo(() => pairToKeep(lanes, picked), [lanes, picked]);
  const coloured = useReplyTokens(found);
  const texts = diffOn && found.length === 2 ? found.map(({ reply }) => reply.text) : null;
  const [left, right] = texts ?? [];
  const { diff } = useTextDiff(left ?? null, right ?? null);
  const diffs: ReadonlyMap<string, readonly Span[]> =
    diff === null
      ? new Map()
      : new Map([
          [found[0]?.key ?? '', diff.left],
          [found[1]?.key ?? '', diff.right],
        ]);
  if (lanes.length === 0) return <NothingAsked policy={policy} />;
  const kept = new Map(found.map(({ key }, place) => [key, place === 0 ? 'A' : 'B']));
  return (
    <div className={css.lanes} style={{ '--lanes': lanes.length } as React.CSSProperties}>
      {lanes.map((lane) => (
        <LaneView
          key={lane.key}
          lane={lane}
          kept={kept}
          diffs={diffs}
          coloured={coloured}
          onRetry={onRetry}
        />
      ))}
    </div>
  );
}

function NothingAsked({ policy: { run, model } }: { readonly policy: Policy }) {
  const example = useMutation({
    mutationFn: async () => {
      const filter = { text: '', sourceId: null, status: 'all' as const };
      const { total } = await client.library.count(filter);
      const offset = Math.floor(Math.random() * total);
      return total === 0 ? [] : client.library.rows({ ...filter, offset, limit: 1 });
    },
    onSuccess: ([row]) => row !== undefined && setPlayground({ draft: row.prompt }),
  });
  const why = run && whyWithoutCodes(run.config);
  const says =
    run === null
      ? `${model.name} answers here. Train it, and the run answers beside it.`
      : why !== null
        ? `${run.name} answers beside its base. There are no codes to choose: ${why}.`
        : `${run.name} answers beside its base. Its codes for your message show at the right: pin, mix or mute them, and draw again.`;
  return (
    <div className={css.lanes} data-empty>
      <EmptyState
        icon={<IconPlayerPlay size={22} />}
        title="Ask something"
        actions={
          <Button loading={example.isPending} onClick={() => example.mutate()}>
            Take a prompt of this project
          </Button>
        }
      >
        {example.data?.length === 0 ? 'This project has no prompts yet: write one below.' : says}
      </EmptyState>
    </div>
  );
}
