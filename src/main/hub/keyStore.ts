/** Where an access token may be kept: the system's key store, never plain text on disk. */
export interface KeyStore {
  /** Null where secrets can be kept; else why not, for a person to read. */
  problem(): string | null;
  read(): string | null;
  /** null forgets it. */
  write(secret: string | null): void;
}

/** A shell or a server has no key store: an environment variable takes its place. */
export const noKeyStore = (variable: string): KeyStore => ({
  problem: () =>
    `Without a window there is no key store; give the token in the environment variable ${variable} instead.`,
  read: () => null,
  write: () => undefined,
});

export const environmentToken = (): string | null => process.env.HF_TOKEN?.trim() || null;
