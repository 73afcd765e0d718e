import type { KeyStore } from '../hub/keyStore.ts';

export type FilePurpose = 'project' | 'new-project' | 'model' | 'folder' | 'result' | 'export';

/** What differs between the window and a headless server. */
export interface Host {
  /** `window` has native dialogs; `browser` has none. */
  readonly kind: 'window' | 'browser';
  /** Native dialog; null when cancelled or when there is none. `new-project` and `export` ask where to save. */
  pickFile(purpose: FilePurpose, name?: string): Promise<string | null>;
  /** Files, or a folder of them, to import; none when cancelled or when there is no dialog. */
  pickFiles(what: 'files' | 'folder'): Promise<string[]>;
  /** What the window runs on; absent where there is none. */
  readonly runtime?: { readonly name: string; readonly isOfficial: boolean };
  /** Shows the licences of that, a file beside it; absent where there is no window. */
  readonly openLicences?: (of: 'electron' | 'chromium') => Promise<void>;
  /** Keep the tokens of the model hub and of a Ray cluster; absent where there is no such thing. */
  readonly keyStore?: KeyStore;
  readonly rayKeyStore?: KeyStore;
}
