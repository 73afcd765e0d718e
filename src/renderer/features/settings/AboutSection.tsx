import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { formatBytes } from '../../format.ts';
import { LicencesDialog } from './licences/LicencesDialog.tsx';
import licenceCss from './licences/licences.module.css';
import { engineVersions, licencesQuery } from './licences/licences.ts';
import { Section } from './Section.tsx';
import css from './settings.module.css';

export function AboutSection() {
  const info = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const licences = useQuery(licencesQuery);
  return (
    <Section title="About">
      <ErrorCard error={info.error} onRetry={() => void info.refetch()} />
      <dl className={css.facts}>
        <dt>Facet</dt>
        <dd className="num">{info.data === undefined ? '…' : `version ${info.data.version}, MIT licence`}</dd>
        <dt>Runs in</dt>
        <dd>{info.data?.host === 'browser' ? 'a browser, served from this machine' : 'its own window'}</dd>
        {info.data?.runtime && (
          <>
            <dt>Window</dt>
            <dd>
              {info.data.runtime.isOfficial
                ? info.data.runtime.name
                : `${info.data.runtime.name}: a copy of Electron that somebody else published, pinned by its hash. Electron’s own download host could not be reached; it is asked again once a day.`}
            </dd>
          </>
        )}
        <dt>Engines</dt>
        <dd>{licences.data === undefined ? '…' : engineVersions(licences.data)}</dd>
        <dt>Machine</dt>
        <dd className="num">
          {info.data === undefined
            ? '…'
            : `${info.data.platform}, ${formatBytes(info.data.memoryBytes)} memory`}
        </dd>
        <dt>Network</dt>
        <dd>Only the downloads you start. Pairs, labels and models stay on this machine.</dd>
      </dl>
      <LicenceButtons hasWindow={info.data?.host === 'window'} />
    </Section>
  );
}

/** Of the packages, of Electron and of Chromium: the last two are files that come with the window alone. */
function LicenceButtons({ hasWindow }: { readonly hasWindow: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const open = useMutation(api.app.openLicences.mutationOptions());
  return (
    <>
      <div className={licenceCss.actions}>
        <Button onClick={() => setOpen(true)}>Licences…</Button>
        {hasWindow && (
          <>
            <Button variant="subtle" onClick={() => open.mutate({ of: 'electron' })}>
              Electron’s licence
            </Button>
            <Button variant="subtle" onClick={() => open.mutate({ of: 'chromium' })}>
              Chromium’s licences
            </Button>
          </>
        )}
      </div>
      <ErrorCard error={open.error} />
      {isOpen && <LicencesDialog onClose={() => setOpen(false)} />}
    </>
  );
}
