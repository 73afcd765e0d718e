/**
 * TensorBoard's event files: `Event` messages of tensorflow/core/util/event.proto in the frames of TFRecord, which are the length, its
 * checksum, the message, its checksum. Golden bytes are those of TensorBoard's own writer. Pure.
 */

/** CRC-32C (Castagnoli), reflected. */
const POLYNOMIAL = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value >>> 0;
});

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** A checksum as TFRecord stores it: turned by 15 bits, a constant added. */
function masked(bytes: Uint8Array): Buffer {
  const crc = crc32c(bytes);
  const turned = ((crc >>> 15) | (crc << 17)) >>> 0;
  const stored = Buffer.alloc(4);
  stored.writeUInt32LE((turned + 0xa282ead8) >>> 0);
  return stored;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A field of bytes: wire type 2. */
const nested = (field: number, bytes: Buffer): Buffer =>
  Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);

function double(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = (field << 3) | 1;
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = (field << 3) | 5;
  bytes.writeFloatLE(value, 1);
  return bytes;
}

function record(message: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(message.length));
  return Buffer.concat([length, masked(length), message, masked(message)]);
}

export interface ScalarEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  /** Tag and value; stored as float32. */
  readonly values: readonly (readonly [tag: string, value: number])[];
}

/** What every event file begins with. */
export const eventFileHead = (wallTime: number): Buffer =>
  record(Buffer.concat([double(1, wallTime), nested(3, Buffer.from('brain.Event:2'))]));

export function eventRecord({ wallTime, step, values }: ScalarEvent): Buffer {
  const summary = values.map(([tag, value]) =>
    nested(1, Buffer.concat([nested(1, Buffer.from(tag)), float(2, value)])),
  );
  return record(
    Buffer.concat([
      double(1, wallTime),
      // proto3 leaves zeros out.
      ...(step === 0 ? [] : [Buffer.from([2 << 3]), varint(step)]),
      nested(5, Buffer.concat(summary)),
    ]),
  );
}
