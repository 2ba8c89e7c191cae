import { crc32 } from "node:zlib";

/** An event of the stream; `type` is its name in the stream's union. */
export function eventMessage(type: string, payload: unknown): Uint8Array {
  return message(
    { ":event-type": type, ":content-type": "application/json", ":message-type": "event" },
    payload,
  );
}

/** An error in the stream; `type` is its name in the stream's union, which begins with a small letter. */
export function exceptionMessage(type: string, text: string): Uint8Array {
  return message(
    { ":exception-type": type, ":content-type": "application/json", ":message-type": "exception" },
    { message: text },
  );
}

const preludeBytes = 12;
const checksumBytes = 4;
/** The type number of a header whose value is a string. */
const stringHeader = 7;

/**
 * One message of AWS's binary event stream (`application/vnd.amazon.eventstream`). All numbers are big-endian: total
 * length, length of the headers, CRC-32 of those eight bytes; the headers; the payload; CRC-32 of all before it.
 */
function message(headers: Readonly<Record<string, string>>, payload: unknown): Uint8Array {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(JSON.stringify(payload));
  const bytes = Buffer.alloc(preludeBytes + head.length + body.length + checksumBytes);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(head.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  head.copy(bytes, preludeBytes);
  body.copy(bytes, preludeBytes + head.length);
  const end = bytes.length - checksumBytes;
  bytes.writeUInt32BE(crc32(bytes.subarray(0, end)), end);
  return bytes;
}

/** The length of the name in one byte, the name, the type in one byte, the length of the value in two, the value. */
function header(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([
    Buffer.of(Buffer.byteLength(name)),
    Buffer.from(name),
    Buffer.of(stringHeader),
    length,
    text,
  ]);
}
