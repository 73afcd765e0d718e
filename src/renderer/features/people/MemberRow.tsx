import { Button, NativeSelect } from '@mantine/core';
import { type Member, ROLES, type Role } from '#shared/peopleEntities.ts';
import { formatMoment, plural } from '../../format.ts';
import css from './people.module.css';
import { roleName } from './words.ts';

interface Props {
  readonly member: Member;
  readonly busy: boolean;
  readonly onRole: (role: Role) => void;
  readonly onRenew: () => void;
  readonly onRevoke: () => void;
}

export function MemberRow({ member, busy, onRole, onRenew, onRevoke }: Props) {
  const { name, role, decided, linkMadeAt, lastSeenAt } = member;
  return (
    <li className={css.member} aria-label={name}>
      <span className={css.who}>
        <b className="ellipsis" title={name}>
          {name}
        </b>
        <span className="small muted num">
          {plural(decided, 'pair')} labelled
          {linkMadeAt === null
            ? ' · no link'
            : lastSeenAt === null || lastSeenAt < linkMadeAt
              ? ` · link of ${formatMoment(linkMadeAt)}, not opened yet`
              : ` · last here ${formatMoment(lastSeenAt)}`}
        </span>
      </span>
      <NativeSelect
        size="xs"
        aria-label={`Role of ${name}`}
        value={role}
        disabled={busy}
        onChange={(event) => onRole(event.currentTarget.value as Role)}
        data={ROLES.map((value) => ({ value, label: roleName(value) }))}
      />
      <Button
        size="xs"
        disabled={busy}
        title={linkMadeAt === null ? undefined : 'The old link ends at once'}
        onClick={onRenew}
      >
        {linkMadeAt === null ? 'Make a link' : 'New link'}
      </Button>
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        disabled={busy || linkMadeAt === null}
        title="Every page that came by it is shut out at once; verdicts stay"
        onClick={onRevoke}
      >
        End link
      </Button>
    </li>
  );
}
