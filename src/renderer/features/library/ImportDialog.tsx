import { Modal } from '@mantine/core';
import { Loading } from '../../components/Loading.tsx';
import { ImportChoose } from './ImportChoose.tsx';
import { ImportDone } from './ImportDone.tsx';
import { ImportLook } from './ImportLook.tsx';
import { ImportRunning } from './ImportRunning.tsx';
import { closeImport, useImport } from './importStore.ts';

/** Choose, look, import, see what came of it. */
export function ImportDialog() {
  const { opened, now, files, at } = useImport();
  return (
    <Modal opened={opened} onClose={closeImport} title="Import pairs" size="64rem">
      {now.stage === 'choose' && <ImportChoose failure={now.failure} />}
      {now.stage === 'reading' && <Loading label={`Reading ${now.name}…`} />}
      {now.stage === 'look' && <ImportLook files={files} at={at} />}
      {now.stage === 'running' && <ImportRunning state={now} files={files} />}
      {now.stage === 'done' && <ImportDone files={files} at={at} />}
    </Modal>
  );
}
