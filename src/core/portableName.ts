/** Of Windows: devices, whatever ending they are given. */
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/**
 * A file's name that every system takes, made of one that a file has elsewhere: of Windows `a:b` is a hidden stream of `a`, `nul`
 * a device, and a dot or a space at the end is lost. Empty where nothing is left.
 */
export function portableName(name: string): string {
  const plain = name
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replaceAll(/[<>:"|?*\\/\u0000-\u001f]/g, '-')
    .replace(/[. ]+$/, '');
  return plain.replace(DEVICES, '_$1');
}
