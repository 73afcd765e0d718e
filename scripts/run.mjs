/** The shell commands of package.json: prepares what is missing, builds what has changed, then hands over. */
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { runMain, SetupError } from './lib/console.mjs';
import { cliPath, nodePath, rootDir } from './lib/paths.mjs';
import { run } from './lib/process.mjs';
import { withScreen } from './lib/screen.mjs';
import { ensureThreads } from './lib/threads.mjs';
import { prepareHeadless, prepareWindow } from './setup.mjs';

// Paths on the command line belong to the folder in which it was typed.
const cwd = process.env.INIT_CWD ?? process.cwd();
const source = (path) => ({ args: [join(rootDir, 'src', path)], build: false });
const commands = {
  facet: { args: [cliPath], build: true },
  demo: { args: [cliPath, 'demo'], build: true },
  bench: source('worker/bench/index.ts'),
  // What main does, where the others measure computing.
  'bench data': { ...source('main/bench/index.ts'), threads: true },
  'bench soak': { ...source('main/bench/index.ts'), threads: true },
  'bench annotate': {
    args: [join(rootDir, 'scripts', 'annotateBench', 'index.ts')],
    build: true,
    threads: true,
    window: true,
  },
  'bench explore': {
    args: [join(rootDir, 'scripts', 'exploreBench', 'index.ts')],
    build: true,
    threads: true,
    window: true,
  },
  torture: { args: [join(rootDir, 'tests', 'torture', 'index.ts')], build: false, threads: true },
  fuzz: { args: [join(rootDir, 'tests', 'fuzz', 'index.ts')], build: false, threads: true },
  'build-job-checks': { ...source('main/job/buildChecks.ts'), threads: true },
  'build-starter': source('worker/buildStarter.ts'),
};

await runMain(async () => {
  const [name, ...rest] = process.argv.slice(2);
  const command = commands[`${name} ${rest[0]}`] ?? commands[name];
  if (!command) {
    throw new SetupError(
      `there is no command ${name ?? ''}`,
      `use one of ${Object.keys(commands).join(', ')}`,
    );
  }
  const executable = command.window
    ? await prepareWindow({ screen: process.platform === 'linux' })
    : await prepareHeadless();
  if (command.build) await ensureBuild();
  if (command.threads) await ensureThreads();
  const start = async (env) => {
    const { status } = await run(nodePath, [...command.args, ...rest], { cwd, env });
    return status;
  };
  return command.window
    ? withScreen((screen) => start({ ...screen, FACET_ELECTRON_PATH: executable }))
    : start({});
});
