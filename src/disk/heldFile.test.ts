import { expect, it } from 'vitest';
import { whileHeld } from './heldFile.ts';

/** Refuses `times` times with this code, then gives how often it was asked. */
function refusing(times: number, code: string): () => Promise<number> {
  let asked = 0;
  return async () => {
    asked += 1;
    if (asked <= times) throw Object.assign(new Error(code), { code });
    return asked;
  };
}

it('tries again on Windows while somebody holds the file, and gives up where it stays so', async () => {
  expect(await whileHeld(refusing(3, 'EPERM'), 'win32')).toBe(4);
  expect(await whileHeld(refusing(1, 'EBUSY'), 'win32')).toBe(2);
  await expect(whileHeld(refusing(99, 'EACCES'), 'win32')).rejects.toThrow('EACCES');
});

it('says anything else, and on other systems everything, at once', async () => {
  await expect(whileHeld(refusing(1, 'ENOENT'), 'win32')).rejects.toThrow('ENOENT');
  await expect(whileHeld(refusing(1, 'EPERM'), 'linux')).rejects.toThrow('EPERM');
});
