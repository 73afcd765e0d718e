/** One line of progress for each step on standard error, so that a command's own output stays clean. */

/** A set-up problem that a person can solve: printed without a stack. */
export class SetupError extends Error {
  constructor(message, fix) {
    super(message);
    this.fix = fix;
  }
}

export const say = (line) => process.stderr.write(`facet: ${line}\n`);

/** Announces a step, runs it and says how long it took. */
export async function step(title, work) {
  say(`${title} …`);
  const startedAt = performance.now();
  const value = await work();
  say(`${title}: done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return value;
}

/** Runs a script's main function and turns what it throws into a message and an exit code. */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (error instanceof SetupError) say(`error: ${error.message}\n  fix: ${error.fix}`);
    else say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  }
}
