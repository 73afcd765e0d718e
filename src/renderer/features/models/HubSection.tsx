import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { ErrorCard, FailureCard } from '../../components/FailureCard.tsx';
import { Section } from '../settings/Section.tsx';
import { DownloadItem } from './DownloadItem.tsx';
import { HubSettingsForm } from './HubSettingsForm.tsx';
import { readRepo } from './hubWords.ts';
import css from './models.module.css';
import { useDownloads } from './useDownloads.ts';

/** Models from a Hugging Face hub: only what is asked for here leaves or enters this machine. */
export function HubSection() {
  const { downloads, failure } = useDownloads();
  return (
    <Section title="Download a model">
      <StartDownload />
      {failure !== null && <FailureCard failure={failure} />}
      {downloads !== undefined && downloads.length > 0 && (
        <ul className={css.list} aria-label="Downloads">
          {downloads.map((download) => (
            <DownloadItem key={download.id} download={download} />
          ))}
        </ul>
      )}
      <HubSettingsForm />
    </Section>
  );
}

function StartDownload() {
  const [text, setText] = useState('');
  const [revision, setRevision] = useState('');
  const address = readRepo(text);
  const start = useMutation(
    api.hub.start.mutationOptions({
      onSuccess: async () => {
        setText('');
        setRevision('');
        await queryClient.invalidateQueries({ queryKey: api.hub.downloads.key() });
      },
    }),
  );
  const wrong = text.trim() !== '' && address === null;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (address === null || start.isPending) return;
        start.mutate({ repo: address.repo, revision: revision.trim() || address.revision || 'main' });
      }}
    >
      <div className={css.fields}>
        <TextInput
          style={{ flex: 3 }}
          label="Repository"
          description="Its name on the hub, or the address of its page."
          placeholder="HuggingFaceTB/SmolLM2-135M-Instruct"
          spellCheck={false}
          autoComplete="off"
          value={text}
          error={wrong && text.length > 3 ? 'A name such as owner/model, please.' : null}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <TextInput
          style={{ flex: 1, minWidth: '8rem' }}
          label="Revision"
          description="Branch, tag or commit."
          placeholder={address?.revision ?? 'main'}
          spellCheck={false}
          autoComplete="off"
          value={revision}
          onChange={({ currentTarget }) => setRevision(currentTarget.value)}
        />
        <Button type="submit" variant="filled" disabled={address === null} loading={start.isPending}>
          Download
        </Button>
      </div>
      <ErrorCard error={start.error} />
    </form>
  );
}
