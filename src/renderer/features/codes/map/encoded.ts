/** Numbers as main sends them: little-endian, base64. Every machine that the page runs on is little-endian too. */
const bytesOf = (text: string): ArrayBuffer => {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes.buffer;
};

export const uint16sOf = (text: string): Uint16Array => new Uint16Array(bytesOf(text));
export const uint32sOf = (text: string): Uint32Array => new Uint32Array(bytesOf(text));
export const floatsOf = (text: string): Float32Array => new Float32Array(bytesOf(text));
