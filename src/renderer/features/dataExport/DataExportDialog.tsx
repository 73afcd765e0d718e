import { Button, Modal } from '@mantine/core';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { formatCount } from '../../format.ts';
import { DataExportDone } from './DataExportDone.tsx';
import { DataExportForm } from './DataExportForm.tsx';
import { cancelDataExport, closeDataExport, type ExportStage, useDataExport } from './store.ts';

/** Pairs and labels as files: say how, see how far it is, see what came of it. */
export function DataExportDialog() {
  const { opened, now } = useDataExport();
  return (
    <Modal opened={opened} onClose={closeDataExport} title="Export pairs and labels" size="xl">
      {now.stage === 'ask' && <DataExportForm failure={now.failure} />}
      {now.stage === 'running' && <Running state={now} />}
      {now.stage === 'done' && <DataExportDone result={now.result} />}
    </Modal>
  );
}

function Running({ state }: { readonly state: Extract<ExportStage, { stage: 'running' }> }) {
  const { name, done, total } = state;
  return (
    <div className="stack" style={{ gap: 'var(--s3)' }}>
      <div className="row num" role="status">
        <b>{name}</b>
        <span className="grow" />
        <span className="muted">
          {formatCount(done)} of {formatCount(total)} pairs
        </span>
      </div>
      <ProgressLine value={total > 0 ? done / total : null} label="Export" />
      <div className="row">
        <span className="small muted">All or nothing: a cancelled export leaves nothing behind.</span>
        <span className="grow" />
        <Button onClick={cancelDataExport}>Cancel</Button>
        <Button onClick={closeDataExport}>Go on in the background</Button>
      </div>
    </div>
  );
}
