/** As a page reads it: the bytes of little-endian numbers. */
export const base64Of = (values: Uint16Array | Uint32Array | Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
