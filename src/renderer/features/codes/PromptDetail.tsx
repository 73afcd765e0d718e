import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { MessageCalls, MessageExtras } from '../../components/MessageExtras.tsx';
import { PaneSection } from '../../components/SidePane.tsx';
import { CodeWeights } from './CodeWeights.tsx';
import css from './codes.module.css';
import { SelectedPairs } from './SelectedPairs.tsx';
import { selectionReason } from './selectionReason.ts';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly promptId: number;
  readonly runName: string;
  readonly onCode: (code: number) => void;
}

const SPEAKERS = {
  system: 'System',
  developer: 'Developer',
  user: 'Person',
  assistant: 'Model',
  tool: 'Tool',
} as const;

/** One prompt in full, with the codes it fires. */
export function PromptDetail({ of, promptId, runName, onCode }: Props) {
  const { data, error, refetch } = useQuery(api.codes.prompt.queryOptions({ input: { ...of, promptId } }));
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!data) return <span className="small muted">Reading…</span>;
  const selection = { promptIds: [promptId] };
  return (
    <>
      <h2 className={`row ${css.title}`}>
        Prompt {promptId} <Chip>{data.source}</Chip>
      </h2>
      {data.messages
        .map((message, turn) => ({ message, turn }))
        .map(({ message, turn }) => (
          <PaneSection key={turn} label={SPEAKERS[message.role]}>
            <MessageExtras message={message} />
            <div className={css.message}>{message.content}</div>
            <MessageCalls message={message} />
          </PaneSection>
        ))}
      <PaneSection label="Its pairs">
        <SelectedPairs of={of} selection={selection} reason={selectionReason(selection, runName, of.step)} />
      </PaneSection>
      <PaneSection label="Its codes">
        <CodeWeights weights={data.weights} onCode={onCode} />
      </PaneSection>
    </>
  );
}
