import { Modal } from '@mantine/core';
import { KeyMapForm } from './KeyMapForm.tsx';

/** For those whose page has no settings as well. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keys of the desk" size="lg">
      <KeyMapForm />
    </Modal>
  );
}
