import type { HeaderReader } from "./header-reader";
import { VALUE_BYTES, VALUE_TYPES } from "./types";
import type { GgufArrayItems, GgufMetadata, GgufScalarType, GgufValue } from "./types";

/** Bounds far above any real model and far below what would hurt. */
const MAX_KEYS = 4096;
const MAX_KEY_BYTES = 1024;
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
const MAX_TEXT_ITEMS = 2 * 1024 * 1024;
const MAX_NUMBER_ITEMS = 16 * 1024 * 1024;

/**
 * Reads `count` keys with their values.
 *
 * @throws MemwellError `model_file_invalid` on anything llama.cpp would refuse, and on sizes no model has
 */
export async function readMetadata(reader: HeaderReader, count: number): Promise<GgufMetadata> {
  // The shortest entry is a length, one letter, a type and one byte.
  if (count > MAX_KEYS || count * 14 > reader.remaining) throw reader.invalid(`it claims ${count} metadata keys`);
  const metadata: GgufMetadata = new Map();
  for (let index = 0; index < count; index++) {
    const start = reader.offset;
    const key = await readText(reader, MAX_KEY_BYTES, "a metadata key");
    // llama.cpp copies keys as C strings: one that begins with a zero byte becomes empty there, and aborts the process.
    if (!/^[^\p{C}\uFFFD]+$/u.test(key)) throw reader.invalid("a metadata key is not a text", start);
    if (metadata.has(key)) throw reader.invalid(`the key ${printable(key)} is there twice`, start);
    metadata.set(key, await readValue(reader, printable(key)));
  }
  return metadata;
}

/** A length in 8 bytes, then UTF-8. */
export async function readText(reader: HeaderReader, maximum: number, what: string): Promise<string> {
  if (!reader.has(8)) await reader.need(8, what);
  const bytes = reader.takeSize();
  if (bytes > reader.remaining) throw reader.invalid(`it ends in the middle of ${what}`, reader.offset - 8);
  if (bytes > maximum) throw reader.invalid(`${what} is ${bytes} bytes long`, reader.offset - 8);
  if (!reader.has(bytes)) await reader.need(bytes, what);
  return reader.take(bytes).toString("utf8");
}

async function readValue(reader: HeaderReader, key: string): Promise<GgufValue> {
  await reader.need(4, `the type of ${key}`);
  const type = typeOf(reader, key);
  if (type === "array") return readArray(reader, key);
  if (type === "string") return { type, value: await readText(reader, MAX_TEXT_BYTES, key) };
  await reader.need(VALUE_BYTES[type], key);
  const bytes = reader.take(VALUE_BYTES[type]);
  if (type === "bool") return { type, value: bytes[0] !== 0 };
  const [value] = numbersFrom(type, bytes);
  return { type, value } as GgufValue;
}

function typeOf(reader: HeaderReader, key: string): (typeof VALUE_TYPES)[number] {
  const id = reader.takeUint32();
  const type = VALUE_TYPES[id];
  if (type === undefined) throw reader.invalid(`${key} has the unknown type ${id}`, reader.offset - 4);
  return type;
}

async function readArray(reader: HeaderReader, key: string): Promise<GgufValue> {
  await reader.need(12, key);
  const itemType = typeOf(reader, key);
  if (itemType === "array") throw reader.invalid(`${key} is an array of arrays, which llama.cpp does not read`);
  const count = reader.takeSize();
  const start = reader.offset - 8;
  const maximum = itemType === "string" ? MAX_TEXT_ITEMS : MAX_NUMBER_ITEMS;
  const leastBytes = count * (itemType === "string" ? 8 : VALUE_BYTES[itemType]);
  if (leastBytes > reader.remaining) throw reader.invalid(`it ends in the middle of ${key}`, start);
  if (count > maximum) throw reader.invalid(`${key} claims ${count} items`, start);
  return { type: "array", itemType, value: await readItems(reader, key, itemType, count) };
}

async function readItems(
  reader: HeaderReader,
  key: string,
  itemType: GgufScalarType,
  count: number,
): Promise<GgufArrayItems> {
  if (itemType === "string") {
    const texts: string[] = [];
    for (let index = 0; index < count; index++) texts.push(await takeText(reader, key));
    return texts;
  }
  const bytes = count * VALUE_BYTES[itemType];
  await reader.need(bytes, key);
  if (itemType === "bool") return Array.from(reader.take(bytes), (byte) => byte !== 0);
  return numbersFrom(itemType, reader.take(bytes));
}

/** As `readText`, but without a promise for every token that is already in memory. */
function takeText(reader: HeaderReader, key: string): string | Promise<string> {
  if (!reader.has(8)) return readText(reader, MAX_TEXT_BYTES, key);
  const bytes = reader.takeSize();
  if (!reader.has(bytes)) return finishText(reader, bytes, key);
  return reader.take(bytes).toString("utf8");
}

async function finishText(reader: HeaderReader, bytes: number, key: string): Promise<string> {
  if (bytes > reader.remaining) throw reader.invalid(`it ends in the middle of ${key}`, reader.offset - 8);
  if (bytes > MAX_TEXT_BYTES) throw reader.invalid(`a text in ${key} is ${bytes} bytes long`, reader.offset - 8);
  await reader.need(bytes, key);
  return reader.take(bytes).toString("utf8");
}

/** A copy as a typed array: the bytes in the window are neither aligned nor lasting. */
function numbersFrom(type: Exclude<GgufScalarType, "string" | "bool">, bytes: Buffer): NumberArray {
  const copy = new Uint8Array(bytes).buffer;
  return new NUMBER_ARRAYS[type](copy);
}

type NumberArray = Exclude<GgufArrayItems, string[] | boolean[]>;

/** Files are little-endian, and so is every machine llama.cpp runs Memwell on. */
const NUMBER_ARRAYS: Record<Exclude<GgufScalarType, "string" | "bool">, new (buffer: ArrayBuffer) => NumberArray> = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float64: Float64Array,
};

/** A name from a hostile file, fit for a message: no control characters, not endless. */
export function printable(text: string): string {
  const clean = text.replace(/[\p{C}\uFFFD]/gu, "?");
  return clean.length > 60 ? `${clean.slice(0, 57)}...` : clean;
}
