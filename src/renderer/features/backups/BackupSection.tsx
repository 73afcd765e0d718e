import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Section } from '../settings/Section.tsx';
import { BackupList } from './BackupList.tsx';

/** Copies of the open project: made by themselves, or now. */
export function BackupSection() {
  const make = useMutation(
    api.project.backUp.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: api.project.backups.key() }),
    }),
  );
  return (
    <Section
      title="Backups"
      action={
        <Button
          size="compact-sm"
          variant="default"
          loading={make.isPending}
          onClick={() => make.mutate(undefined)}
        >
          Back up now
        </Button>
      }
    >
      <p className="small muted" style={{ margin: 0 }}>
        While you work Facet copies the project every hour (a large one every day), reads the copy back and
        keeps fewer the older they are. What a backup replaces stays in this list.
      </p>
      <ErrorCard error={make.error} />
      <BackupList path={null} />
    </Section>
  );
}
