/** A web socket with limits: calls in flight, answers that nobody reads, and lines on which nobody is left. */
import type { WebSocket } from 'ws';

export interface SocketLimits {
  /** Calls under way before no further message is read. */
  readonly calls: number;
  /** Bytes of answers that the other side has not read before no further message is read, nor answer given to the socket. */
  readonly unreadBytes: number;
  /** How often the other side is asked whether it is there; one that has not answered by the next time is gone. */
  readonly askEveryMs: number;
}

const SOCKET_LIMITS: SocketLimits = {
  calls: 64,
  unreadBytes: 8 * 1024 ** 2,
  askEveryMs: 30_000,
};

const LOOK_AGAIN_MS = 20;

const INVALID_DATA = 1007;
/** Ends the JSON of a message that carries a file. */
const DELIMITER = 255;

/** Whether a message is a call, or something for one under way: JSON with an id, a file behind it at most. */
export function isCall(data: unknown): boolean {
  try {
    const bytes = data instanceof ArrayBuffer ? Buffer.from(data) : data;
    if (typeof bytes !== 'string' && !(bytes instanceof Uint8Array)) return false;
    const end = typeof bytes === 'string' ? -1 : bytes.indexOf(DELIMITER);
    const json =
      typeof bytes === 'string'
        ? bytes
        : Buffer.from(bytes.subarray(0, end < 0 ? undefined : end)).toString();
    const value = JSON.parse(json) as { i?: unknown; t?: unknown; p?: { u?: unknown } } | null;
    if (typeof value?.i !== 'string' && typeof value?.i !== 'number') return false;
    // 1, or nothing, is a request; it names what is called.
    return (value.t ?? 1) !== 1 || (typeof value.p?.u === 'string' && value.p.u.startsWith('/'));
  } catch {
    return false;
  }
}

type Listener = (event: { readonly data: unknown }) => unknown;

/** What the handler of calls needs of a socket. */
export type CallSocket = Pick<WebSocket, 'addEventListener' | 'send'>;

/**
 * `socket` for a handler whose listener of messages gives a promise that settles when the call is done. An answer waits until
 * the other side has read what came before it, so that streams take no memory either.
 */
export function boundedSocket(socket: WebSocket, limits: SocketLimits = SOCKET_LIMITS): CallSocket {
  let inFlight = 0;
  let isAsked = false;
  let drained: Promise<void> | null = null;
  const isOpen = (): boolean => socket.readyState === socket.OPEN;
  const isFull = (): boolean => inFlight >= limits.calls || socket.bufferedAmount > limits.unreadBytes;
  const adjust = (): void => {
    if (!isOpen()) return;
    if (isFull()) socket.pause();
    else if (socket.isPaused) socket.resume();
  };
  /** Until the other side has read enough, or is gone. */
  const room = (): Promise<void> => {
    drained ??= (async () => {
      while (isOpen() && socket.bufferedAmount > limits.unreadBytes) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
      drained = null;
      next();
    })();
    return drained;
  };

  const timer = setInterval(() => {
    // One that reads nothing gets no question either; it counts as gone like one that doesn't answer.
    if (isAsked && !(socket.isPaused && inFlight >= limits.calls)) return socket.terminate();
    isAsked = true;
    if (isOpen()) socket.ping();
  }, limits.askEveryMs);
  timer.unref();
  const heard = (): void => {
    isAsked = false;
  };
  socket.on('pong', heard);
  socket.on('message', heard);
  socket.on('close', () => clearInterval(timer));

  const send = async (data: Parameters<WebSocket['send']>[0]): Promise<void> => {
    if (socket.bufferedAmount > limits.unreadBytes) await room();
    if (isOpen()) socket.send(data);
    if (socket.bufferedAmount > limits.unreadBytes) void room();
    adjust();
  };
  /** Read with what came before them; a pause holds back only what comes later. */
  const waiting: (() => void)[] = [];
  function next(): void {
    while (waiting.length > 0 && !isFull()) waiting.shift()?.();
    adjust();
  }
  const addEventListener = (type: string, listener: Listener): void => {
    if (type !== 'message') {
      socket.addEventListener(type as 'close', listener as never);
      return;
    }
    socket.addEventListener('message', (event) => {
      // The handler would print each; nobody who speaks the contract sends one.
      if (!isCall(event.data)) return socket.close(INVALID_DATA, 'no call');
      waiting.push(() => {
        inFlight += 1;
        void Promise.resolve(listener(event)).finally(() => {
          inFlight -= 1;
          next();
        });
      });
      next();
    });
  };
  return { addEventListener, send } as unknown as CallSocket;
}
