import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GoldRules } from '#core/gold.ts';
import type { Project } from '#shared/entities.ts';
import { type MemberLink, ROLES, type Role } from '#shared/peopleEntities.ts';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { projectOpened } from '../../state/project.ts';
import { Section } from '../settings/Section.tsx';
import { GoldForm } from './GoldForm.tsx';
import { LinkOnce } from './LinkOnce.tsx';
import { MemberRow } from './MemberRow.tsx';
import css from './people.module.css';
import { RepeatsForm } from './RepeatsForm.tsx';
import { SharingForm } from './SharingForm.tsx';
import { roleName } from './words.ts';

const refresh = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: api.people.key() }),
    queryClient.invalidateQueries({ queryKey: api.annotate.annotators.key() }),
  ]);

/** What was chosen holds on screen before it is saved. */
const rulesAsked = (
  { rate, warnBelow, counts }: GoldRules,
  asked: { [Rule in keyof GoldRules]?: GoldRules[Rule] | undefined } = {},
): GoldRules => ({
  rate: asked.rate ?? rate,
  warnBelow: asked.warnBelow === undefined ? warnBelow : asked.warnBelow,
  counts: asked.counts ?? counts,
});

/** Who labels, in which role, and the links by which they come. */
export function PeopleSection({ project }: { readonly project: Project }) {
  const members = useQuery(api.people.list.queryOptions());
  const seen = useQuery(api.people.seen.queryOptions());
  const [given, setGiven] = useState<MemberLink | null>(null);
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('annotator');
  const onSuccess = async (link: MemberLink) => {
    setGiven(link);
    await refresh();
  };
  const add = useMutation(
    api.people.add.mutationOptions({
      onSuccess: (link) => {
        setName('');
        return onSuccess(link);
      },
    }),
  );
  const renew = useMutation(api.people.renewLink.mutationOptions({ onSuccess }));
  const revoke = useMutation(
    api.people.revokeLink.mutationOptions({
      onSuccess: async ({ annotatorId }) => {
        setGiven((link) => (link?.member.annotatorId === annotatorId ? null : link));
        await refresh();
      },
    }),
  );
  const change = useMutation(api.people.setRole.mutationOptions({ onSuccess: refresh }));
  const share = useMutation(
    api.project.updateSettings.mutationOptions({
      onSuccess: (changed) => {
        projectOpened(changed);
        return queryClient.invalidateQueries({ queryKey: api.gold.key() });
      },
    }),
  );
  const typed = name.trim();
  const known = members.data?.some((member) => member.name === typed) === true;
  return (
    <Section title="People">
      <p className="small muted" style={{ margin: 0 }}>
        A person’s link opens their own work, the queue and the guidelines, and nothing else. It holds until
        you end it.
      </p>
      <ErrorCard error={members.error ?? seen.error ?? renew.error ?? revoke.error ?? change.error} />
      {members.data !== undefined && members.data.length > 0 && (
        <ul className={css.list} aria-label="People">
          {members.data.map((member) => (
            <MemberRow
              key={member.annotatorId}
              member={member}
              seen={seen.data?.find(({ annotatorId }) => annotatorId === member.annotatorId)}
              busy={renew.isPending || revoke.isPending || change.isPending}
              onRole={(chosen) => change.mutate({ annotatorId: member.annotatorId, role: chosen })}
              onRenew={() => renew.mutate({ annotatorId: member.annotatorId })}
              onRevoke={() => revoke.mutate({ annotatorId: member.annotatorId })}
            />
          ))}
        </ul>
      )}
      {given !== null && <LinkOnce key={given.token} link={given} onDone={() => setGiven(null)} />}
      <form
        className={css.add}
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== '' && !known) add.mutate({ name: typed, role });
        }}
      >
        <TextInput
          label="Name"
          value={name}
          maxLength={80}
          error={known && 'This person is in the list above'}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label="Role"
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
          data={ROLES.map((value) => ({ value, label: roleName(value) }))}
        />
        <Button type="submit" disabled={typed === '' || known} loading={add.isPending}>
          Add with a link
        </Button>
      </form>
      <ErrorCard error={add.error} />
      <SharingForm
        overlap={
          share.isPending && share.variables.overlap !== undefined
            ? share.variables.overlap
            : project.settings.overlap
        }
        onChange={(overlap) => share.mutate({ overlap })}
      />
      <GoldForm
        rules={rulesAsked(project.settings.gold, share.isPending ? share.variables.gold : undefined)}
        onChange={(gold) => share.mutate({ gold })}
      />
      <RepeatsForm
        rate={
          share.isPending && share.variables.repeats !== undefined
            ? share.variables.repeats
            : project.settings.repeats
        }
        onChange={(repeats) => share.mutate({ repeats })}
      />
      <ErrorCard error={share.error} />
    </Section>
  );
}
