/** The window's entry: Electron's main process. */
import { join } from 'node:path';
import { RPCHandler } from '@orpc/server/message-port';
import { app, BrowserWindow, ipcMain, session } from 'electron';
import { createFacet, type Facet } from './app.ts';
import { createWorkerPool } from './compute/workerPool.ts';
import { codeVersion, rendererDir, resourcesDir, workerEntry } from './environment.ts';
import { keptLog } from './keptLog.ts';
import { Connection } from './services/Connection.ts';
import { declareAppScheme, serveAppScheme } from './window/appScheme.ts';
import { askForPath, knownPaths } from './window/askForPath.ts';
import { ChosenPaths } from './window/ChosenPaths.ts';
import { handleClosing } from './window/closing.ts';
import { handleCrashes } from './window/crashes.ts';
import { createWindow } from './window/createWindow.ts';
import { setMenu } from './window/menu.ts';
import { openAtStart, openInWindow } from './window/openFile.ts';
import { pickFile, pickFiles } from './window/pickFile.ts';
import { projectAmong } from './window/projectAmong.ts';
import { windowRuntime } from './window/runtime.ts';
import { openRuntimeLicences } from './window/runtimeLicences.ts';
import { guardSession, isAppUrl } from './window/security.ts';
import { systemKeyStore } from './window/systemKeyStore.ts';
import { startUtilityWorker } from './window/utilityLink.ts';

app.setName('Facet');
if (process.env.FACET_USER_DATA) app.setPath('userData', process.env.FACET_USER_DATA);
declareAppScheme();

/** macOS names a file by an event, which may come before there is a window. */
let asked: string | null = projectAmong(process.argv, process.cwd());
let openNow: ((path: string) => void) | null = null;
app.on('open-file', (event, path) => {
  event.preventDefault();
  if (openNow) openNow(path);
  else asked = path;
});

async function open(): Promise<void> {
  await app.whenReady();
  const userDataDir = app.getPath('userData');
  handleCrashes(userDataDir, codeVersion());
  guardSession(session.defaultSession);
  serveAppScheme(session.defaultSession, rendererDir);
  setMenu();

  const logLine = keptLog(userDataDir, 'window');
  const focused = () => BrowserWindow.getAllWindows()[0];
  const chosen: ChosenPaths = new ChosenPaths({
    known: () => knownPaths(facet.services),
    ask: async (path) => {
      const window = focused();
      return window ? askForPath(window, path) : false;
    },
  });
  const facet: Facet = createFacet({
    userDataDir,
    resourcesDir,
    compute: createWorkerPool(() => startUtilityWorker(workerEntry), { yielding: true }),
    readsOnOpen: true,
    host: {
      kind: 'window',
      pickFile: async (purpose, name) => {
        const window = focused();
        const path = window ? await pickFile(window, purpose, name) : null;
        if (path !== null) chosen.add(path);
        return path;
      },
      pickFiles: async (what) => {
        const window = focused();
        const paths = window ? await pickFiles(window, what) : [];
        for (const path of paths) chosen.add(path);
        return paths;
      },
      runtime: windowRuntime(),
      openLicences: openRuntimeLicences,
      keyStore: systemKeyStore(join(userDataDir, 'hub-token'), logLine),
      rayKeyStore: systemKeyStore(join(userDataDir, 'ray-token'), logLine),
    },
    version: codeVersion(),
    log: logLine,
  });
  const handler = new RPCHandler(facet.router);
  ipcMain.on('facet:port', (event) => {
    const port = event.ports[0];
    if (!port || !event.senderFrame || !isAppUrl(event.senderFrame.url)) return;
    handler.upgrade(port, { context: { connection: new Connection({ paths: chosen }) } });
    port.start();
  });
  ipcMain.on('facet:dropped', (event, path: unknown) => {
    if (event.senderFrame && isAppUrl(event.senderFrame.url) && typeof path === 'string') chosen.add(path);
    event.returnValue = null;
  });

  if (asked !== null) await openAtStart(facet, asked);
  const statePath = join(userDataDir, 'window.json');
  const window = createWindow(statePath);
  const closing = handleClosing(window, facet, statePath);
  openNow = (path) => {
    openInWindow(facet, window, path).catch((error: unknown) =>
      process.stderr.write(`opening: ${error instanceof Error ? error.stack : String(error)}\n`),
    );
  };
  app.on('second-instance', (_event, argv, cwd) => {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    const path = projectAmong(argv, cwd);
    if (path !== null) openNow?.(path);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void closing.quit());
}

if (app.requestSingleInstanceLock()) {
  open().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    app.exit(1);
  });
} else {
  app.quit();
}
