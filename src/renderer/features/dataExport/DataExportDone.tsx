import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { DataExported } from '#shared/dataEntities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { fileName, formatCount, plural } from '../../format.ts';
import css from './dataExport.module.css';
import { closeDataExport, download, exportAnother, rowsOf } from './store.ts';

/** What was written, where it is, and what isn't in it. */
export function DataExportDone({ result }: { readonly result: DataExported }) {
  const host = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY })).data?.host;
  const fetching = useMutation({ mutationFn: download });
  const { files, card, beside, leftOut } = result;
  const rows = new Map(files.map((file) => [file.path, file.rows]));
  const all = [...rows.keys(), ...beside, card];
  const folder = card.slice(0, -fileName(card).length - 1);
  return (
    <div className="stack" style={{ gap: 'var(--s3)' }}>
      <div className="row" role="status">
        <IconCircleCheck size={18} color="var(--good)" aria-hidden="true" />
        <span className="num">
          {plural(rowsOf(result), 'row')} in {plural(files.length, 'file')}, with a card that describes them
        </span>
      </div>
      {host === 'window' && <code className={`mono ${css.folder}`}>{folder}</code>}
      <table className={css.files}>
        <thead>
          <tr>
            <th className="label">File</th>
            <th className="label">Rows</th>
            {host === 'browser' && <th className="label">Fetch it</th>}
          </tr>
        </thead>
        <tbody>
          {all.map((path) => (
            <tr key={path}>
              <td className="mono small">{fileName(path)}</td>
              <td className="num small">{rows.has(path) ? formatCount(rows.get(path) ?? 0) : ''}</td>
              {host === 'browser' && (
                <td>
                  <Button
                    size="xs"
                    loading={fetching.isPending && fetching.variables === path}
                    aria-label={`Download ${fileName(path)}`}
                    onClick={() => fetching.mutate(path)}
                  >
                    Download
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <ErrorCard error={fetching.error} />
      {Object.keys(leftOut).length > 0 && (
        <ul className={css.leftOut}>
          {Object.entries(leftOut).map(([reason, count]) => (
            <li key={reason} className="num">
              Left out: {formatCount(count)} ({reason})
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        <span className="grow" />
        {host === 'window' && (
          <Button onClick={() => void navigator.clipboard.writeText(folder)}>Copy the folder’s path</Button>
        )}
        <Button onClick={exportAnother}>Another export</Button>
        <Button variant="filled" onClick={closeDataExport}>
          Done
        </Button>
      </div>
    </div>
  );
}
