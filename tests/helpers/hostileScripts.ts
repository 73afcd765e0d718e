/** What a script in the page would try; each is sent to the page whole, so that it uses nothing of this file. */

/** What of Node and of the preload can be reached. */
export const reachOut = () => {
  const globals = globalThis as unknown as { facet: Record<string, unknown> };
  const { host } = globals.facet;
  try {
    globals.facet.host = 'browser';
    globals.facet = { host: 'browser' };
  } catch {
    // Refused with an error, or silently.
  }
  // A function of the preload must not lead to the preload's own globals.
  const make = (globals.facet.pathForFile as () => void).constructor as FunctionConstructor;
  let process = 'undefined';
  try {
    process = make('return typeof process')();
  } catch {
    // Refused by the policy.
  }
  return {
    process,
    node: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer'].filter(
      (name) => name in globalThis,
    ),
    bridge: Object.keys(globals.facet).sort(),
    isSame: globals.facet.host === host,
  };
};

/** Code of its own in each form that HTML and JavaScript have, and requests to elsewhere: what ran, and what the policy blocked. */
export const runOther = async () => {
  const blocked = new Set<string>();
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
    blocked.add(effectiveDirective),
  );
  const ran: string[] = [];
  (globalThis as unknown as { ran: (name: string) => void }).ran = (name) => ran.push(name);
  const add = (html: string) => {
    const part = document.createElement('div');
    part.innerHTML = html;
    document.body.append(part);
    return part;
  };
  // The driver's own call may evaluate; what a page starts by itself may not.
  await new Promise((done) => setTimeout(done));
  for (const evaluate of [
    () => new Function('ran("Function")')(),
    () => Reflect.get(globalThis, 'eval')('ran("eval")'),
  ])
    try {
      evaluate();
    } catch {
      // Refused.
    }
  for (const [name, value] of [
    ['textContent', 'ran("inline")'],
    ['src', 'https://example.com/script.js'],
    ['src', 'data:text/javascript,ran("data")'],
  ] as const) {
    const script = document.createElement('script');
    script[name] = value;
    document.head.append(script);
  }
  const parts = add(`
      <img src="missing.png" onerror="ran('onerror')"><img src="https://example.com/a.png">
      <iframe src="https://example.com/"></iframe><iframe srcdoc="<script>parent.ran('srcdoc')</script>"></iframe>
      <object data="https://example.com/a.swf"></object><video src="https://example.com/a.mp4"></video>
      <link rel="stylesheet" href="https://example.com/a.css"><base href="https://example.com/">
      <form action="https://example.com/" method="post"><button>Send</button></form>`);
  parts.querySelector('button')?.click();
  const refused = async (work: () => unknown) => {
    try {
      await work();
      return false;
    } catch {
      return true;
    }
  };
  const asked = {
    fetched: await refused(() => fetch('https://example.com/')),
    file: await refused(() => fetch('file:///etc/passwd')),
    beacon: await refused(async () => {
      await fetch('https://example.com/', { method: 'POST', mode: 'no-cors', keepalive: true, body: 'x' });
    }),
    socket: await new Promise((resolve) => {
      try {
        const socket = new WebSocket('wss://example.com/');
        socket.addEventListener('open', () => resolve(false));
        socket.addEventListener('error', () => resolve(true));
      } catch {
        resolve(true);
      }
    }),
    above: !(await fetch('/%2e%2e/main/index.js')).ok,
  };
  const base = document.baseURI;
  await new Promise((done) => setTimeout(done, 100));
  parts.remove();
  return { ran, blocked: [...blocked].sort(), asked, base };
};

/** Windows, tabs and views, by script and by link. */
export const openOther = () => {
  const addresses = ['https://example.com/', 'about:blank', 'javascript:1', window.location.href];
  for (const target of ['_blank', 'other'])
    for (const href of addresses) {
      const link = Object.assign(document.createElement('a'), { href, target, textContent: 'link' });
      document.body.append(link);
      link.click();
      link.dispatchEvent(new MouseEvent('click', { ctrlKey: true, bubbles: true, cancelable: true }));
      link.dispatchEvent(new MouseEvent('auxclick', { button: 1, bubbles: true, cancelable: true }));
      link.remove();
    }
  const view = document.createElement('webview');
  view.setAttribute('src', 'https://example.com/');
  document.body.append(view);
  const isPlain = !('getWebContentsId' in view) && !('loadURL' in view);
  view.remove();
  return { windows: addresses.map((address) => window.open(address) !== null), isPlain };
};

/** Permissions and devices, by each interface that asks a person for them. */
export const askForRights = async () => {
  const names = ['camera', 'microphone', 'geolocation', 'notifications', 'midi', 'clipboard-read'];
  const states = await Promise.all(
    names.map(async (name) => {
      const { state } = await navigator.permissions.query({ name: name as PermissionName });
      return [name, state];
    }),
  );
  const able = navigator as unknown as Record<
    string,
    { requestDevice(options: object): Promise<unknown>; requestPort(): Promise<unknown> }
  >;
  const refused = (work: () => Promise<unknown>) =>
    Promise.resolve()
      .then(work)
      .then(
        () => false,
        () => true,
      );
  const requests = {
    camera: await refused(() => navigator.mediaDevices.getUserMedia({ video: true })),
    microphone: await refused(() => navigator.mediaDevices.getUserMedia({ audio: true })),
    screen: await refused(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
    place: await refused(() => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no))),
    clipboard: await refused(() => navigator.clipboard.readText()),
    midi: await refused(() => navigator.requestMIDIAccess({ sysex: true })),
    usb: await refused(async () => able.usb?.requestDevice({ filters: [] }) ?? Promise.reject()),
    hid: await refused(async () => {
      const devices = await able.hid?.requestDevice({ filters: [] });
      if (!Array.isArray(devices) || devices.length === 0) throw new Error('none');
    }),
    serial: await refused(async () => able.serial?.requestPort() ?? Promise.reject()),
    bluetooth: await refused(
      async () => able.bluetooth?.requestDevice({ acceptAllDevices: true }) ?? Promise.reject(),
    ),
  };
  return { states, notifications: await Notification.requestPermission(), requests };
};

/** A call to main as the page itself makes it. */
export const callOfPage = () =>
  new Promise<string>((resolve) => {
    const { postMessage } = MessagePort.prototype;
    MessagePort.prototype.postMessage = function (message: unknown, options?: object) {
      postMessage.call(this, message, options);
      if (typeof message !== 'string') return;
      MessagePort.prototype.postMessage = postMessage;
      resolve(message);
    };
    window.location.hash = '#/settings';
  });
