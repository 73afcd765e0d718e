import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { preloadPath, resourcesDir } from '../environment.ts';
import { appOrigin } from './appScheme.ts';
import { guardContents } from './security.ts';
import { readWindowState, visibleBounds, writeWindowState } from './windowState.ts';

const defaultSize = { width: 1440, height: 900 };
/** The theme file's page colours, for a first start; after it the page's own colour is remembered. */
const firstBackground = { light: '#f7f7f8', dark: '#131418' };

export function createWindow(statePath: string): BrowserWindow {
  const state = readWindowState(statePath);
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...defaultSize,
    ...visibleBounds(state.bounds, screens),
    minWidth: 720,
    minHeight: 520,
    show: false,
    autoHideMenuBar: true,
    title: 'Facet',
    icon: join(resourcesDir, 'icon.png'),
    backgroundColor: state.background ?? firstBackground[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      // Chromium would fetch dictionaries from the network.
      spellcheck: false,
    },
  });
  guardContents(window.webContents);
  if (state.maximized) window.maximize();
  // Everything of value is in main: a page that died is loaded again.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && reason !== 'killed') window.webContents.reload();
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${appOrigin}/`);
  return window;
}

/** A page that is stuck must not keep the window from closing. */
const answerMs = 1000;

function pageBackground(window: BrowserWindow): Promise<unknown> {
  if (window.webContents.isCrashed()) return Promise.resolve(null);
  const late = new Promise((resolve) => setTimeout(resolve, answerMs, null));
  const answer = window.webContents.executeJavaScript('getComputedStyle(document.body).backgroundColor');
  return Promise.race([answer, late]);
}

/** To be called before the window goes: its page tells the colour. */
export async function rememberWindow(window: BrowserWindow, statePath: string): Promise<void> {
  const previous = readWindowState(statePath);
  const color = await pageBackground(window);
  const opaque = typeof color === 'string' && color.startsWith('rgb(') ? color : previous.background;
  writeWindowState(statePath, {
    bounds: window.getNormalBounds(),
    maximized: window.isMaximized(),
    background: opaque,
  });
}
