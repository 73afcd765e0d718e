import { Modal } from '@mantine/core';
import { Loading } from '../../components/Loading.tsx';
import { ImportChoose } from './ImportChoose.tsx';
import { ImportDone } from './ImportDone.tsx';
import { ImportPreviewView } from './ImportPreviewView.tsx';
import { ImportRunning } from './ImportRunning.tsx';
import { closeImport, useImport } from './importStore.ts';

/** Choose, look, import, see what came of it. */
export function ImportDialog() {
  const { opened, now } = useImport();
  return (
    <Modal opened={opened} onClose={closeImport} title="Import pairs" size="xl">
      {now.stage === 'choose' && <ImportChoose failure={now.failure} />}
      {now.stage === 'reading' && <Loading label={`Reading ${now.name}…`} />}
      {now.stage === 'preview' && <ImportPreviewView preview={now.preview} />}
      {now.stage === 'running' && <ImportRunning state={now} />}
      {now.stage === 'done' && <ImportDone file={now.file} result={now.result} />}
    </Modal>
  );
}
