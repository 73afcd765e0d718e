import { Button, NativeSelect } from '@mantine/core';
import { type Member, ROLES, type Role, type SeenCount } from '#shared/peopleEntities.ts';
import { formatCount, formatMoment, plural } from '../../format.ts';
import { useProject } from '../../state/project.ts';
import { navigate } from '../../state/screen.ts';
import { clearFilter, setConditions, viewProject } from '../library/libraryView.ts';
import css from './people.module.css';
import { roleName } from './words.ts';

interface Props {
  readonly member: Member;
  /** Undefined until it is counted. */
  readonly seen: SeenCount | undefined;
  readonly busy: boolean;
  readonly onRole: (role: Role) => void;
  readonly onRenew: () => void;
  readonly onRevoke: () => void;
}

export function MemberRow({ member, seen, busy, onRole, onRenew, onRevoke }: Props) {
  const { name, role, decided, linkMadeAt, lastSeenAt } = member;
  return (
    <li className={css.member} aria-label={name}>
      <span className={css.who}>
        <b className="ellipsis" title={name}>
          {name}
        </b>
        <span className="small muted num">
          {plural(decided, 'pair')} labelled
          {seen !== undefined && seen.pairs > 0 && <Seen name={name} seen={seen} />}
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

/** How much somebody has seen; a press lists it in the Library. */
function Seen({
  name,
  seen: { annotatorId, pairs, unsaid },
}: {
  readonly name: string;
  readonly seen: SeenCount;
}) {
  const project = useProject();
  const silence = unsaid === 0 ? '' : `, nothing said of ${formatCount(unsaid)}`;
  return (
    <>
      {' · '}
      <button
        type="button"
        className={css.seen}
        aria-label={`${formatCount(pairs)} seen by ${name}${silence}: list them in the Library`}
        title="Had on the desk, or said something of: list them in the Library"
        onClick={() => {
          if (project) viewProject(project.path);
          clearFilter();
          setConditions({ seen: { by: [annotatorId] } });
          navigate('library');
        }}
      >
        {`${formatCount(pairs)} seen${silence}`}
      </button>
    </>
  );
}
