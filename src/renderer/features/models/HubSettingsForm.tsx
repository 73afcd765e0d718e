import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HubSettings } from '#shared/policyEntities.ts';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { Chip } from '../../components/Chip.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { FolderField } from '../../components/FolderField.tsx';
import css from './models.module.css';

/** Where downloads come from, by which way, and where they go; folded away until needed. */
export function HubSettingsForm() {
  const host = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY })).data?.host;
  const settings = useQuery(api.hub.settings.queryOptions({ retry: false }));
  return (
    <details className={css.details}>
      <summary>Hub settings: address, proxy, folder, token</summary>
      <ErrorCard error={settings.error} onRetry={() => void settings.refetch()} />
      {host === 'browser' && (
        <p className="small muted">
          They are set in the window on the machine, or by HF_ENDPOINT and HF_TOKEN of facet serve.
        </p>
      )}
      {host === 'window' && settings.data && (
        <Fields key={JSON.stringify(settings.data)} settings={settings.data} />
      )}
    </details>
  );
}

function useSave() {
  return useMutation(
    api.hub.updateSettings.mutationOptions({
      onSuccess: (saved) => queryClient.setQueryData(api.hub.settings.queryKey(), saved),
    }),
  );
}

function Fields({ settings }: { readonly settings: HubSettings }) {
  const [endpoint, setEndpoint] = useState(settings.endpoint);
  const [proxy, setProxy] = useState(settings.proxy ?? '');
  const [folder, setFolder] = useState(settings.folder);
  const save = useSave();
  const changed =
    endpoint !== settings.endpoint || proxy !== (settings.proxy ?? '') || folder !== settings.folder;
  return (
    <div className={css.settings}>
      <form
        className="stack"
        style={{ gap: 'var(--s3)' }}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ endpoint: endpoint.trim(), proxy: proxy.trim() || null, folder: folder.trim() });
        }}
      >
        <TextInput
          label="Address of the hub"
          description="A mirror’s or your own hub’s address, where the public one can’t be reached."
          value={endpoint}
          spellCheck={false}
          onChange={({ currentTarget }) => setEndpoint(currentTarget.value)}
        />
        <TextInput
          label="Proxy"
          description="Empty for none."
          placeholder="http://proxy.example:3128"
          value={proxy}
          spellCheck={false}
          onChange={({ currentTarget }) => setProxy(currentTarget.value)}
        />
        <FolderField label="Folder for models" path={folder} onPath={setFolder} />
        <ErrorCard error={save.error} />
        <div className="row">
          <Button type="submit" disabled={!changed} loading={save.isPending}>
            Save
          </Button>
          {changed && <span className="small muted">Not saved yet</span>}
        </div>
      </form>
      <TokenField settings={settings} />
    </div>
  );
}

/** The token goes to the system's key store and is never shown again. */
function TokenField({ settings: { hasToken, tokenProblem } }: { readonly settings: HubSettings }) {
  const [token, setToken] = useState('');
  const save = useSave();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() !== '') save.mutate({ token: token.trim() });
      }}
    >
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <PasswordInput
          className="grow"
          label="Access token"
          description="For gated models; stored in the system’s key store."
          placeholder={hasToken ? 'One is stored; type another to replace it' : 'hf_…'}
          autoComplete="off"
          disabled={tokenProblem !== null}
          value={token}
          onChange={({ currentTarget }) => setToken(currentTarget.value)}
        />
        <Button type="submit" disabled={token.trim() === ''} loading={save.isPending}>
          Keep it
        </Button>
        {hasToken && <Button onClick={() => save.mutate({ token: null })}>Forget it</Button>}
      </div>
      <span>
        <Chip tone={hasToken ? 'good' : 'plain'}>{hasToken ? 'a token is stored' : 'no token'}</Chip>
        {tokenProblem !== null && <span className="small muted"> {tokenProblem}</span>}
      </span>
      <ErrorCard error={save.error} />
    </form>
  );
}
