import { CloseButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReplyKey } from '#core/preference.ts';
import type { AnnotationItem, PairRow } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { CodeSwatch } from '../../components/Code.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Loading } from '../../components/Loading.tsx';
import { MessageCalls, MessageExtras } from '../../components/MessageExtras.tsx';
import { Prose } from '../../components/prose/Prose.tsx';
import { TurnList } from '../../components/TurnList.tsx';
import { countWords } from '../../components/words.ts';
import { plural } from '../../format.ts';
import css from './library.module.css';
import { PairRecord } from './PairRecord.tsx';
import { type ShownReply, verdictBy, verdictLook } from './pairLook.ts';
import { useWaitLabel } from './useWaitLabel.ts';

interface Props {
  readonly row: PairRow;
  readonly replies: readonly ShownReply[];
  readonly onClose: () => void;
  readonly onAnnotate: (row: PairRow) => void;
  readonly onTokens: (row: PairRow) => void;
}

/** One pair whole: the prompt's turns and both replies. */
export function PairDetail({ row, replies, onClose, onAnnotate, onTokens }: Props) {
  const pair = useQuery(api.library.pair.queryOptions({ input: { pairId: row.id } }));
  const verdict = verdictLook(row);
  const waitLabel = useWaitLabel('Reading the pair…');
  return (
    <aside className={css.detail} aria-label={`Pair ${row.id}`}>
      <div className={css.detailTop}>
        <div className="row">
          <b className="num grow">Pair {row.id}</b>
          <KeyButton variant="subtle" color="gray" keyName="T" onClick={() => onTokens(row)}>
            Tokens
          </KeyButton>
          <KeyButton keyName="A" onClick={() => onAnnotate(row)}>
            Annotate this
          </KeyButton>
          <CloseButton aria-label="Close" onClick={onClose} />
        </div>
        <div className="row" style={{ flexWrap: 'wrap' }}>
          <Chip>{row.source}</Chip>
          {row.aspect !== null && <Chip>{row.aspect}</Chip>}
          {verdict !== null && (
            <Chip tone={verdict.tone}>
              {verdict.label}
              {verdictBy(row) !== '' && ` · ${verdictBy(row)}`}
            </Chip>
          )}
          {row.hidden && (
            <Chip title="What files, other people and models say of it is shown once you have decided.">
              Hidden until your verdict
            </Chip>
          )}
          {row.deleted && <Chip tone="warn">deleted</Chip>}
          {row.excluded && <Chip tone="warn">excluded</Chip>}
          {row.first && <Chip tone="accent">sent first to the queue</Chip>}
          {row.tags.map((tag) => (
            <Chip key={tag}>{tag}</Chip>
          ))}
          {row.code !== null && <CodeSwatch code={row.code} label={`code ${row.code}`} />}
        </div>
      </div>
      <div className={css.detailBody}>
        <ErrorCard error={pair.error} onRetry={() => void pair.refetch()} />
        {pair.isPending && <Loading label={waitLabel} />}
        {pair.data !== undefined && <Texts item={pair.data} replies={replies} />}
        <PairRecord pairId={row.id} />
      </div>
    </aside>
  );
}

interface TextsProps {
  readonly item: AnnotationItem;
  readonly replies: readonly ShownReply[];
}

function Texts({ item, replies }: TextsProps) {
  const reply = (key: ReplyKey) => (item.left.key === key ? item.left : item.right);
  return (
    <>
      {[...item.messages.entries()].map(([position, message]) => (
        <section key={position}>
          <h2 className={`label ${css.detailHead}`}>
            {item.messages.length === 1 ? 'Prompt' : message.role}
          </h2>
          <MessageExtras message={message} />
          {message.content !== '' && <Prose text={message.content} />}
          <MessageCalls message={message} />
        </section>
      ))}
      {replies.map(({ key, name, chosen, settled }) => (
        <section key={key} className={css.detailText} data-chosen={chosen || undefined}>
          <h2 className={`label ${css.detailHead}`}>
            {name}
            {settled && <span className="faint">reply {key.toUpperCase()}</span>}
            <span className="grow" />
            <span className="num">{plural(countWords(reply(key).text), 'word')}</span>
          </h2>
          {reply(key).turns.length > 0 ? (
            <TurnList turns={reply(key).turns} />
          ) : (
            <Prose text={reply(key).text} />
          )}
        </section>
      ))}
    </>
  );
}
