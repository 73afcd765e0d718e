/** Sockets of a set of processes that lead off this machine, from Linux's own tables. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const loopback = (hex: string): boolean =>
  /^0+$/.test(hex) || hex.endsWith('7F') || hex === '00000000000000000000000001000000';

function socketInodes(pid: number): Set<string> {
  const inodes = new Set<string>();
  const folder = `/proc/${pid}/fd`;
  for (const name of namesIn(folder)) {
    const match = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${name}`));
    if (match?.[1]) inodes.add(match[1]);
  }
  return inodes;
}

/** A process may end between the listing and the look. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A file may be closed between the listing and the look. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** `protocol remote-address-in-hex` of each socket that is connected, or connecting, to another machine. */
export function outsideSockets(pids: readonly number[]): string[] {
  const inodes = new Set(pids.flatMap((pid) => [...socketInodes(pid)]));
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((protocol) =>
    readFileSync(`/proc/net/${protocol}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => inodes.has(fields[9] ?? ''))
      .map((fields) => fields[2]?.split(':')[0] ?? '')
      .filter((remote) => !loopback(remote))
      .map((remote) => `${protocol} ${remote}`),
  );
}
