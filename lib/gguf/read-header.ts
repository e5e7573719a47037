import { HeaderReader, openGgufFile, type GgufSource } from "./header-reader";
import { printable, readMetadata, readText } from "./read-metadata";
import {
  DEFAULT_ALIGNMENT,
  GGUF_MAGIC,
  MAX_TENSOR_NAME_BYTES,
  TENSOR_TYPES,
  tensorBytes,
  tensorTypeById,
} from "./types";
import type { GgufHeader, GgufMetadata, GgufTensorInfo } from "./types";

const MAX_TENSORS = 65536;
const MAX_DIMENSIONS = 4;
/** A page size up to huge pages; real files have 32. */
const MAX_ALIGNMENT = 2 * 1024 * 1024;

/**
 * Reads everything before the weights of a GGUF file, in chunks, and believes nothing: what llama.cpp's loader
 * (ggml/src/gguf.cpp) refuses is refused here, with a reason.
 *
 * @param path of the file; GGUF version 2 or 3, little-endian
 * @param openSource where the path is one of elsewhere
 * @throws MemwellError `model_file_missing` when there is no readable file, `model_file_invalid` with the fields `path`,
 *   `reason` and (mostly) `offset` in bytes when it is not a whole GGUF file
 */
export async function readGgufHeader(
  path: string,
  openSource: (path: string) => Promise<GgufSource> = openGgufFile,
): Promise<GgufHeader> {
  const source = await openSource(path);
  try {
    return await readWith(new HeaderReader(source));
  } finally {
    await source.close();
  }
}

async function readWith(reader: HeaderReader): Promise<GgufHeader> {
  const { version, tensorCount, keyCount } = await readCounts(reader);
  const metadata = await readMetadata(reader, keyCount);
  const alignment = alignmentOf(reader, metadata);
  const tensors = await readTensorTable(reader, tensorCount, alignment);
  const dataOffset = Math.ceil(reader.offset / alignment) * alignment;
  checkExtent(reader, tensors, dataOffset);
  return { version, metadata, tensors, alignment, dataOffset, fileBytes: reader.fileBytes };
}

async function readCounts(reader: HeaderReader): Promise<{ version: number; tensorCount: number; keyCount: number }> {
  if (reader.fileBytes === 0) throw reader.invalid("it is empty");
  if (reader.fileBytes < 4) throw reader.invalid("it ends in the middle of the first word");
  await reader.need(4, "the first word");
  if (reader.takeUint32() !== GGUF_MAGIC) throw reader.invalid('it does not begin with "GGUF"', 0);
  await reader.need(20, "the counts");
  const version = reader.takeUint32();
  if ((version & 0xffff) === 0) throw reader.invalid("it is big-endian", 4);
  if (version !== 2 && version !== 3)
    throw reader.invalid(`it has version ${version}, and only 2 and 3 can be read`, 4);
  return { version, tensorCount: reader.takeSize(), keyCount: reader.takeSize() };
}

function alignmentOf(reader: HeaderReader, metadata: GgufMetadata): number {
  const entry = metadata.get("general.alignment");
  if (entry === undefined) return DEFAULT_ALIGNMENT;
  const valid = entry.type === "uint32" && entry.value > 0 && (entry.value & (entry.value - 1)) === 0;
  if (!valid || entry.value > MAX_ALIGNMENT) throw reader.invalid("general.alignment is not a small power of two");
  return entry.value;
}

async function readTensorTable(reader: HeaderReader, count: number, alignment: number): Promise<GgufTensorInfo[]> {
  // The shortest entry is a name of one byte, no dimensions, a type and an offset.
  if (count > MAX_TENSORS || count * 25 > reader.remaining) throw reader.invalid(`it claims ${count} tensors`);
  const tensors: GgufTensorInfo[] = [];
  const names = new Set<string>();
  let end = 0;
  for (let index = 0; index < count; index++) {
    const start = reader.offset;
    const tensor = await readTensor(reader);
    if (names.has(tensor.name)) throw reader.invalid(`the tensor ${printable(tensor.name)} is there twice`, start);
    names.add(tensor.name);
    // llama.cpp wants tensors one after the other in the order of the table; this covers alignment and overlap as well.
    if (tensor.offset !== end) {
      const reason = `the tensor ${printable(tensor.name)} starts at ${tensor.offset} in the data, where ${end} is expected`;
      throw reader.invalid(reason, start);
    }
    end = Math.ceil((end + tensor.bytes) / alignment) * alignment;
    tensors.push(tensor);
  }
  return tensors;
}

async function readTensor(reader: HeaderReader): Promise<GgufTensorInfo> {
  const start = reader.offset;
  const name = await readText(reader, MAX_TENSOR_NAME_BYTES, "the name of a tensor");
  const shown = `the tensor ${printable(name)}`;
  if (name === "" || /[\0\uFFFD]/u.test(name)) throw reader.invalid("the name of a tensor is not a text", start);
  await reader.need(4, shown);
  const dimensions = reader.takeUint32();
  if (dimensions > MAX_DIMENSIONS) throw reader.invalid(`${shown} has ${dimensions} dimensions`, start);
  await reader.need(dimensions * 8 + 12, shown);
  const shape = Array.from({ length: dimensions }, () => reader.takeSize());
  if (shape.some((size) => size < 1)) throw reader.invalid(`${shown} has an empty dimension`, start);
  if (!shape.every(Number.isSafeInteger)) throw reader.invalid(`${shown} is larger than the whole file`, start);
  const typeId = reader.takeUint32();
  const type = tensorTypeById(typeId);
  if (type === null) throw reader.invalid(`${shown} has the unknown type ${typeId}`, start);
  if ((shape[0] ?? 1) % TENSOR_TYPES[type].blockSize !== 0) {
    throw reader.invalid(`rows of ${shown} are not whole ${type} blocks`, start);
  }
  const bytes = tensorBytes(type, shape);
  // Beyond 2^53 a product is no longer exact; far below that it is larger than any file.
  if (!(bytes <= reader.fileBytes)) throw reader.invalid(`${shown} is larger than the whole file`, start);
  return { name, shape, type, offset: reader.takeSize(), bytes };
}

function checkExtent(reader: HeaderReader, tensors: GgufTensorInfo[], dataOffset: number): void {
  const last = tensors.at(-1);
  const end = last === undefined ? 0 : dataOffset + last.offset + last.bytes;
  if (end > reader.fileBytes) {
    const reason = `it has ${reader.fileBytes} bytes where its table of tensors needs ${end}, as after a broken download`;
    throw reader.invalid(reason);
  }
}
