import { contextBridge, ipcRenderer, webUtils } from 'electron';

/** The page posts the first and gets one end of a channel to the API back with the second. */
const connectMessage = 'facet:connect';
const portMessage = 'facet:port';
/** A file that a person dropped or chose: told to main before the page hears its path. */
const droppedMessage = 'facet:dropped';

function pathForFile(file: File): string {
  const path = webUtils.getPathForFile(file);
  if (path !== '') ipcRenderer.sendSync(droppedMessage, path);
  return path;
}

contextBridge.exposeInMainWorld('facet', {
  host: 'window',
  pathForFile,
});

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== connectMessage) return;
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage(portMessage, null, [port1]);
  window.postMessage(portMessage, window.location.origin, [port2]);
});
