/** Whole numbers as main sends them: little-endian, base64. */
function bytesOf(text: string): DataView {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return new DataView(bytes.buffer);
}

export function uint16sOf(text: string): Uint16Array {
  const view = bytesOf(text);
  return Uint16Array.from({ length: view.byteLength / 2 }, (_, at) => view.getUint16(2 * at, true));
}

export function uint32sOf(text: string): Uint32Array {
  const view = bytesOf(text);
  return Uint32Array.from({ length: view.byteLength / 4 }, (_, at) => view.getUint32(4 * at, true));
}
