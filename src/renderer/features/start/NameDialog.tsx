import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';

export interface NameRequest {
  /** A dropped file of pairs that the new project starts with. */
  readonly pairs?: readonly File[];
}

interface Props {
  readonly request: NameRequest | null;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onSubmit: (request: NameRequest, name: string) => void;
}

/** Asks for a new project's name where the system's own dialog is not at hand: a page names no place on the machine. */
export function NameDialog({ request, busy, onClose, onSubmit }: Props) {
  return (
    <Modal opened={request !== null} onClose={onClose} title="New project">
      {request !== null && <NameForm request={request} busy={busy} onSubmit={onSubmit} />}
    </Modal>
  );
}

type FormProps = Pick<Props, 'busy' | 'onSubmit'> & { readonly request: NameRequest };

function NameForm({ request, busy, onSubmit }: FormProps) {
  const [name, setName] = useState(request.pairs?.[0]?.name.replace(/\.[a-z.]+$/i, '') ?? 'preferences');
  return (
    <form
      className="stack"
      style={{ gap: 'var(--s3)' }}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(request, name.trim());
      }}
    >
      <TextInput
        label="Name"
        description="The file is kept on the machine that serves this page, among Facet’s own."
        data-autofocus
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className="row">
        <span className="grow" />
        <Button type="submit" variant="filled" loading={busy} disabled={name.trim() === ''}>
          Create
        </Button>
      </div>
    </form>
  );
}
