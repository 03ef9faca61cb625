/** Encodes protobuf messages by hand, also ones that no SDK would send. */

/** A field with a length: a text, bytes or a message. */
export function field(number: number, content: Buffer | string): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

export function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return Buffer.concat([varint(number * 8 + 1), bytes]);
}

export function attribute(key: string, value: Buffer | string): Buffer {
  return field(9, Buffer.concat([field(1, key), field(2, typeof value === 'string' ? field(1, value) : value)]));
}

/** A valid span with further fields. */
export function encodedSpan(...further: readonly Buffer[]): Buffer {
  return Buffer.concat([
    field(1, Buffer.from('5b8efff798038103d269b633813fc60c', 'hex')),
    field(2, Buffer.from('eee19b7ec3c1b174', 'hex')),
    field(5, 'rag'),
    fixed64(7, 1_796_057_152_000_000_000n),
    fixed64(8, 1_796_057_153_000_000_000n),
    ...further,
  ]);
}

/** A request with one resource and one scope. */
export function encodedRequest(...spans: readonly Buffer[]): Buffer {
  return field(1, field(2, Buffer.concat(spans.map((span) => field(2, span)))));
}
