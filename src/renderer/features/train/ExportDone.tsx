import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ExportResult } from '#shared/policyEntities.ts';
import { formatBytes, plural } from '../../format.ts';
import formCss from './form/form.module.css';

interface Props {
  readonly result: ExportResult;
  readonly onAnother: () => void;
  readonly onClose: () => void;
}

/** What was written, and what its reader must know. */
export function ExportDone({ result: { folder, files, notes }, onAnother, onClose }: Props) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <div className="stack" style={{ gap: 'var(--s3)' }}>
      <div className="row" role="status">
        <IconCircleCheck size={18} color="var(--good)" aria-hidden="true" />
        <span className="num">
          {plural(files.length, 'file')}, {formatBytes(bytes)}, written to
        </span>
      </div>
      <code className={`mono ${formCss.folder}`}>{folder}</code>
      <div className={formCss.files}>
        <table>
          <thead>
            <tr>
              <th className="label">File</th>
              <th className="label">Size</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.name}>
                <td className="mono small">{file.name}</td>
                <td className="num small">{formatBytes(file.bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {notes.length > 0 && (
        <ul className={formCss.notes}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <div className="row">
        <span className="grow" />
        <Button onClick={() => void navigator.clipboard.writeText(folder)}>Copy the path</Button>
        <Button onClick={onAnother}>Another format</Button>
        <Button variant="filled" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
