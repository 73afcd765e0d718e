import { contextBridge, ipcRenderer, webUtils } from 'electron';

/** The page posts the first and gets one end of a channel to the API back with the second. */
const connectMessage = 'facet:connect';
const portMessage = 'facet:port';

contextBridge.exposeInMainWorld('facet', {
  host: 'window',
  pathForFile: (file: File) => webUtils.getPathForFile(file),
});

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== connectMessage) return;
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage(portMessage, null, [port1]);
  window.postMessage(portMessage, window.location.origin, [port2]);
});
