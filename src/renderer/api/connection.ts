/** The line to main: a message port in the window, a WebSocket in a browser; opened again when it is lost. */
import type { ClientContext, ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { create } from 'zustand';
import { readToken } from './token.ts';

export type ConnectionState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'open' }
  | { readonly phase: 'lost'; readonly attempts: number };

export const useConnection = create<{ state: ConnectionState }>(() => ({ state: { phase: 'connecting' } }));

export type Link = ClientLink<ClientContext>;
interface Line {
  readonly link: Link;
  readonly closed: Promise<void>;
}

const PORT_WAIT_MS = 5_000;

/** Asks the preload for a port; rejects when none comes within `PORT_WAIT_MS`. */
function openPort(): Promise<Line> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      window.removeEventListener('message', receive);
      reject(new Error('The window provided no connection.'));
    }, PORT_WAIT_MS);
    const receive = (event: MessageEvent) => {
      const port = event.ports[0];
      if (event.data !== 'facet:port' || port === undefined) return;
      clearTimeout(timer);
      window.removeEventListener('message', receive);
      const closed = new Promise<void>((done) => {
        port.addEventListener('close', () => done());
      });
      const link = new PortLink({ port });
      port.start();
      resolve({ link, closed });
    };
    window.addEventListener('message', receive);
    window.postMessage('facet:connect', '*');
  });
}

function openSocket(): Promise<Line> {
  return new Promise((resolve, reject) => {
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    const address = `${scheme}://${window.location.host}/rpc?token=${encodeURIComponent(readToken())}`;
    const websocket = new WebSocket(address);
    websocket.binaryType = 'arraybuffer';
    const closed = new Promise<void>((done) => {
      websocket.addEventListener('close', () => {
        reject(new Error('The address refused the connection.'));
        done();
      });
    });
    websocket.addEventListener('open', () => resolve({ link: new SocketLink({ websocket }), closed }));
  });
}

const inWindow = (): boolean => window.facet?.host === 'window';

/** Milliseconds before attempt `attempts`: 0.25 s doubling to 4 s. */
const retryDelayMs = (attempts: number): number => Math.min(4_000, 250 * 2 ** Math.max(0, attempts - 1));

let current: Promise<Link> | null = null;
let onOpen: (link: Link) => Promise<void> = async () => undefined;
let onReopen: () => void = () => undefined;
let skipWait: () => void = () => undefined;

/** Called with each new line before anything else is asked on it; what it throws counts as a failed attempt. */
export function whenOpened(callback: (link: Link) => Promise<void>): void {
  onOpen = callback;
}

/** Called each time the line is open again after a loss. */
export function whenReopened(callback: () => void): void {
  onReopen = callback;
}

/** Ends the wait before the next attempt. */
export function retryNow(): void {
  skipWait();
}

const wait = (durationMs: number) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    skipWait = () => {
      clearTimeout(timer);
      resolve();
    };
  });

async function connect(reopening: boolean): Promise<Link> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      const line = await (inWindow() ? openPort() : openSocket());
      await onOpen(line.link);
      useConnection.setState({ state: { phase: 'open' } });
      void line.closed.then(() => {
        useConnection.setState({ state: { phase: 'lost', attempts: 0 } });
        current = connect(true);
      });
      if (reopening) queueMicrotask(onReopen);
      return line.link;
    } catch {
      // Why an attempt failed is not reported to a page; that it failed is shown, and the next one follows.
      useConnection.setState({ state: { phase: 'lost', attempts } });
      await wait(retryDelayMs(attempts));
    }
  }
}

/** The open line; a call made while it is lost waits for the next one. */
export function currentLink(): Promise<Link> {
  current ??= connect(false);
  return current;
}
