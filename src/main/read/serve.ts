import { constants, getPriority, setPriority } from 'node:os';
import type { Answer, FromMain } from './protocol.ts';

/** Between the usual priority and that of work that nobody waits for: a verdict, which main saves, goes first, and an import, whose turns it waits for. */
const BELOW_MAIN = 5;

/** Below the process that started this one, whatever priority that has. */
export function goBelow(by: number): void {
  setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + by));
}

/** A process's line to main, which asks it about one project. */
export interface Asker<Name extends string> {
  readonly projectPath: string;
  /** `close` comes last: the process ends once nothing keeps it. */
  listen(take: (message: FromMain<Name>) => void): void;
  answer(answer: Answer): void;
  end(): void;
}

/** Null where nobody started this file to be asked. */
export function asker<Name extends string>(): Asker<Name> | null {
  const [, , projectPath] = process.argv;
  if (!process.send || projectPath === undefined) return null;
  goBelow(BELOW_MAIN);
  const leave = (): void => process.exit();
  process.once('disconnect', leave);
  return {
    projectPath,
    listen: (take) => void process.on('message', take),
    answer: (answer) => void process.send?.(answer, undefined, undefined, () => undefined),
    end: () => {
      process.off('disconnect', leave);
      process.disconnect();
    },
  };
}
