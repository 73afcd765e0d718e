import type { Command } from 'commander';
import { type Diagnosis, diagnose, type Repair, repair } from '../services/doctor.ts';
import { type OutputOptions, printResult } from './output.ts';

interface Options extends OutputOptions {
  readonly repair?: boolean;
}

const listed = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`${title}:`, ...items.map((item) => `  ${item}`)];

function lines(found: Diagnosis, done: Repair | null): string[] {
  const { damage, missing, orphans, backups } = found;
  return [
    damage.length === 0 ? 'the file is sound' : 'the file is damaged:',
    ...damage.map((problem) => `  ${problem}`),
    ...listed('named and not there', missing),
    ...listed('there and named by nobody', orphans),
    ...listed(
      'backups',
      backups.map(({ at, kind, path }) => `${at} ${kind} ${path}`),
    ),
    ...(done?.salvaged
      ? [
          `saved: ${Object.entries(done.salvaged.rows)
            .filter(([, count]) => count > 0)
            .map(([table, count]) => `${table} ${count}`)
            .join(', ')}`,
          `${done.salvaged.dropped} rows could not stay without others that are lost`,
          ...listed(
            'kept, though their texts are not those that came in',
            done.salvaged.changed.map((id) => `pair ${id}`),
          ),
          `the damaged file is at ${done.aside}`,
        ]
      : []),
    ...listed('removed', done?.removed ?? []),
    ...(damage.length > 0 && done === null
      ? ['to save what can be read: facet doctor PROJECT --repair; or go back to a backup in Facet']
      : []),
  ];
}

async function doctor(project: string, options: Options): Promise<void> {
  const found = diagnose(project);
  const done = options.repair ? await repair(project) : null;
  printResult(options, { ...found, repair: done }, () => lines(found, done));
  if ((found.damage.length > 0 || found.missing.length > 0) && done === null) process.exitCode = 1;
}

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look at a project for damage, missing files and leftovers; exit code 1 where it finds any')
    .argument('<project>', 'project file, open nowhere')
    .option('--repair', 'save what can be read of a damaged file, which stays beside, and remove leftovers')
    .option('--json', 'print the result as JSON')
    .action(doctor);
}
