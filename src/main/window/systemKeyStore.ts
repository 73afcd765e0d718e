/** The system's key store, through Electron: what lies on disk is encrypted by a key that the system keeps. */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { safeStorage } from 'electron';
import { writeSmallFile } from '#disk/smallFile.ts';
import type { KeyStore } from '../hub/keyStore.ts';

export function systemKeyStore(path: string, log: (line: string) => void): KeyStore {
  const problem = (): string | null => {
    if (!safeStorage.isEncryptionAvailable()) return 'This system offers no key store for tokens.';
    // Chromium's own fallback on Linux encrypts with a key that anyone can know.
    if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
      return 'This system has no keyring (GNOME Keyring or KWallet) that could store a token.';
    }
    return null;
  };
  return {
    problem,
    read: () => {
      if (!existsSync(path) || problem() !== null) return null;
      try {
        return safeStorage.decryptString(readFileSync(path));
      } catch (error) {
        log(`The stored token can't be decrypted and is ignored: ${String(error)}`);
        return null;
      }
    },
    write: (secret) => {
      if (secret === null) {
        rmSync(path, { force: true });
        return;
      }
      writeSmallFile(path, safeStorage.encryptString(secret), { mode: 0o600 });
    },
  };
}
