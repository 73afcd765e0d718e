import { Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { ScrollRegion } from '../../../components/ScrollRegion.tsx';
import { plural } from '../../../format.ts';
import css from './licences.module.css';
import { type Licences, licencesQuery } from './licences.ts';

/** The packages that are handed on with Facet, each with its terms. */
export function LicencesDialog({ onClose }: { readonly onClose: () => void }) {
  const licences = useQuery(licencesQuery);
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const packages = (licences.data?.packages ?? []).filter(({ name, licence }) =>
    `${name} ${licence}`.toLowerCase().includes(wanted),
  );
  return (
    <Modal opened onClose={onClose} title="Licences" size="lg">
      <ErrorCard error={licences.error} onRetry={() => void licences.refetch()} />
      <TextInput
        label="Find a package or a licence"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        data-autofocus
      />
      <p className="small muted" role="status">
        {licences.data === undefined ? '…' : plural(packages.length, 'package')}
      </p>
      <ScrollRegion label="Packages" className={css.list}>
        {packages.map((one) => (
          <Terms key={`${one.name}@${one.version}`} of={one} texts={licences.data?.texts ?? []} />
        ))}
      </ScrollRegion>
    </Modal>
  );
}

interface TermsProps {
  readonly of: Licences['packages'][number];
  readonly texts: readonly string[];
}

/** The text is drawn once it is asked for: some are long, and there are hundreds. */
function Terms({ of: { name, version, licence, author, text }, texts }: TermsProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={css.terms} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={css.name}>{name}</span>
        <span className="num muted">{version}</span>
        <span className="grow" />
        <span className="small muted">{licence}</span>
      </summary>
      {isOpen && author !== null && <p className="small muted">{author}</p>}
      {isOpen && <pre className={css.text}>{texts[text]}</pre>}
    </details>
  );
}
