import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { crashReport } from '#core/crashReport.ts';
import { api } from '../api/client.ts';
import { saveFile } from './saveFile.ts';

interface Props {
  /** `the screen Train`. */
  readonly where: string;
  readonly error: unknown;
}

/** A report of what could not be drawn, as a file on this machine: the places of Facet's own code, and nothing private. */
export function SaveCrashReport({ where, error }: Props) {
  const info = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const save = (): void => {
    const at = new Date().toISOString();
    const facts = { where, version: info.data?.version ?? '(version unknown)', at, error };
    const text = crashReport({ ...facts, runtime: window.navigator.userAgent });
    saveFile(`facet-${at.replace(/[:.]/g, '-')}.txt`, new Blob([text], { type: 'text/plain' }));
  };
  return (
    <Button
      size="compact-sm"
      mt="xs"
      onClick={save}
      title="A file on this machine, without texts, folders or tokens. Nothing is sent."
    >
      Save a report
    </Button>
  );
}
