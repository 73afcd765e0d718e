import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SetAsidePair } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { formatCount, plural } from '../../format.ts';
import css from './library.module.css';

/** Says how many pairs cannot be read; nothing where all can. Opens the list of them. */
export function SetAside() {
  const [opened, setOpened] = useState(false);
  const list = useQuery(api.library.setAside.queryOptions());
  const pairs = list.data ?? [];
  return (
    <>
      {pairs.length > 0 && (
        <Chip tone="warn" onClick={() => setOpened(true)} title="Show what could not be read">
          {formatCount(pairs.length)} unreadable
        </Chip>
      )}
      <Modal
        opened={opened && pairs.length > 0}
        onClose={() => setOpened(false)}
        title={`${plural(pairs.length, 'pair')} set aside`}
        size="lg"
      >
        <p className="small muted" style={{ marginTop: 0 }}>
          These can’t be read, so they are in no queue, table or training. Removing takes them off this list;
          they stay in the project file.
        </p>
        <SetAsideList pairs={pairs} />
      </Modal>
    </>
  );
}

function SetAsideList({ pairs }: { readonly pairs: readonly SetAsidePair[] }) {
  const queries = useQueryClient();
  const remove = useMutation(
    api.library.removeSetAside.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: api.library.setAside.key() }),
    }),
  );
  const removeAll = (pairIds: number[]) => remove.mutate({ pairIds });
  return (
    <>
      <ErrorCard error={remove.error} />
      <ScrollRegion label="Pairs set aside" className={css.scroll}>
        <table className={css.problems}>
          <thead>
            <tr>
              {['Pair', 'From', 'Reason', ''].map((head) => (
                <th key={head} className="label">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pairs.map(({ pairId, source, row, reason }) => (
              <tr key={pairId}>
                <td className="num">{pairId}</td>
                <td>
                  {source}, row {formatCount(row)}
                </td>
                <td>{reason}</td>
                <td>
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    aria-label={`Remove pair ${pairId}`}
                    disabled={remove.isPending}
                    onClick={() => removeAll([pairId])}
                  >
                    Remove
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <Button
        mt="md"
        disabled={remove.isPending}
        onClick={() => removeAll(pairs.map(({ pairId }) => pairId))}
      >
        Remove all
      </Button>
    </>
  );
}
