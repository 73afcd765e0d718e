import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { projectFileName } from './projectPath.ts';

export interface PathRequest {
  readonly kind: 'create' | 'open';
  readonly homeFolder: string;
  /** A dropped file of pairs that the new project starts with. */
  readonly pairs?: readonly File[];
}

interface Props {
  readonly request: PathRequest | null;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onSubmit: (request: PathRequest, path: string, name: string) => void;
}

/** Asks for a name and a path where the system's own dialog is not at hand. */
export function PathDialog({ request, busy, onClose, onSubmit }: Props) {
  return (
    <Modal
      opened={request !== null}
      onClose={onClose}
      title={request?.kind === 'create' ? 'New project' : 'Open project'}
    >
      {request !== null && <PathForm key={request.kind} request={request} busy={busy} onSubmit={onSubmit} />}
    </Modal>
  );
}

type FormProps = Pick<Props, 'busy' | 'onSubmit'> & { readonly request: PathRequest };

function PathForm({ request, busy, onSubmit }: FormProps) {
  const creating = request.kind === 'create';
  const [name, setName] = useState(
    creating ? (request.pairs?.[0]?.name.replace(/\.[a-z.]+$/i, '') ?? 'preferences') : '',
  );
  const [path, setPath] = useState<string | null>(null);
  const shownPath = path ?? (creating ? `${request.homeFolder}/${projectFileName(name)}` : '');
  return (
    <form
      className="stack"
      style={{ gap: 'var(--s3)' }}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(request, shownPath.trim(), name.trim());
      }}
    >
      {creating && (
        <TextInput
          label="Name"
          data-autofocus
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <TextInput
        label={creating ? 'File' : 'Path of the project file'}
        placeholder={`${request.homeFolder}/preferences.facet`}
        required
        {...(creating ? {} : { 'data-autofocus': true })}
        value={shownPath}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <div className="row">
        <span className="grow" />
        <Button type="submit" variant="filled" loading={busy} disabled={shownPath.trim() === ''}>
          {creating ? 'Create' : 'Open'}
        </Button>
      </div>
    </form>
  );
}
