/** Whether the system's loader finds a shared library. */

/** Loads it into this process, which is harmless: what needs it would do the same a moment later. */
export function findsLibrary(name: string): boolean {
  try {
    process.dlopen({ exports: {} }, name);
    return true;
  } catch (error) {
    // One that is there fails as well: it is no Node add-on. Only a missing one says so.
    return !(error instanceof Error && error.message.includes('cannot open shared object'));
  }
}
