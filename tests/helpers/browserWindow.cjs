// A web browser of one window: no preload, no scheme, no access but what a web page has.
const { app, BrowserWindow } = require('electron');

if (process.env.FACET_USER_DATA) app.setPath('userData', process.env.FACET_USER_DATA);
app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false },
  });
  window.loadURL(process.argv.at(-1));
});
app.on('window-all-closed', () => app.quit());
