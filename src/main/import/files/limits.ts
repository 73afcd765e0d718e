/** What one row and one packed file may grow to, so that no file can fill the memory or run on without an end. */
export const LIMITS = {
  /** Of a Parquet file; those of pairs have tens. */
  columns: 2000,
  /** Of a folder or an archive. */
  files: 10_000,
  rowBytes: 64 * 1024 * 1024,
  /** Files that are read as a whole: Arrow, packed Parquet, a table of columns in JSON. */
  wholeFileBytes: 1024 * 1024 * 1024,
  /** Text of this much is unpacked whatever its ratio. */
  freeUnpackedBytes: 64 * 1024 * 1024,
  /** Text packs 3 to 20 times smaller; what unpacks to more than this is no data. */
  unpackedRatio: 200,
} as const;
