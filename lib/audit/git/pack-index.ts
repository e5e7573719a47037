const MAGIC = 0xff744f63;
const HASH_BYTES = 20;
const HEADER_BYTES = 8 + 256 * 4;
/** Behind the last object stands the hash of the pack. */
const TRAILER_BYTES = 20;

export interface PackedObject {
  id: string;
  /** In the pack. */
  offset: number;
  sizeOnDisk: number;
}

/**
 * The objects of a pack by its index, in the order of the pack: what lies between one and the next is its own. Null for an
 * index that is damaged or of another version. Source: git, `Documentation/gitformat-pack`.
 *
 * @param packSize in bytes
 */
export function packedObjects(index: Buffer, packSize: number): PackedObject[] | null {
  if (index.length < HEADER_BYTES || index.readUInt32BE(0) !== MAGIC || index.readUInt32BE(4) !== 2) return null;
  const count = index.readUInt32BE(HEADER_BYTES - 4);
  const names = HEADER_BYTES;
  const offsets = names + count * (HASH_BYTES + 4);
  const large = offsets + count * 4;
  if (index.length < large + 2 * HASH_BYTES) return null;
  const objects: PackedObject[] = [];
  for (let at = 0; at < count; at++) {
    const offset = offsetAt(index, offsets + at * 4, large);
    if (offset === null || offset >= packSize) return null;
    const name = names + at * HASH_BYTES;
    objects.push({ id: index.toString("hex", name, name + HASH_BYTES), offset, sizeOnDisk: 0 });
  }
  objects.sort((left, right) => left.offset - right.offset);
  for (const [at, object] of objects.entries())
    object.sizeOnDisk = Math.max(0, (objects[at + 1]?.offset ?? packSize - TRAILER_BYTES) - object.offset);
  return objects;
}

/** Those above two gigabytes stand in a table of their own. */
function offsetAt(index: Buffer, place: number, large: number): number | null {
  const offset = index.readUInt32BE(place);
  if (offset < 0x80000000) return offset;
  const at = large + (offset - 0x80000000) * 8;
  if (at + 8 > index.length) return null;
  const whole = index.readBigUInt64BE(at);
  return whole > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(whole);
}
