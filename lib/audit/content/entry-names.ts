const BLOCK = 512;

/** Names of the entries that begin in the first bytes of a tar (POSIX ustar: blocks of 512 bytes, sizes in octal). */
export function namesInTar(head: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at + BLOCK <= head.length;) {
    if (head.toString("latin1", at + 257, at + 262) !== "ustar") break;
    const size = Number.parseInt(textAt(head, at + 124, 12), 8);
    if (!Number.isSafeInteger(size) || size < 0) break;
    // Only plain files: others say how long a name is, or that there is a folder.
    const type = head[at + 156];
    if (type === 0 || type === 0x30) names.push(textAt(head, at, 100));
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  return names;
}

/** Names in a zip: those in its list at the end, and of its first entry, of which a broken zip has no more. */
export function namesInZip(head: Buffer, tail: Buffer): string[] {
  const listed = namesBehind(tail, "PK\x01\x02", 28, 46);
  return listed.length > 0 ? listed : namesBehind(head, "PK\x03\x04", 26, 30);
}

/** Each signature is followed by a length at one place and the name at another. */
function namesBehind(bytes: Buffer, signature: string, lengthAt: number, nameAt: number): string[] {
  const names: string[] = [];
  for (let at = bytes.indexOf(signature, 0, "latin1"); at >= 0; at = bytes.indexOf(signature, at + 4, "latin1")) {
    if (at + nameAt > bytes.length) break;
    const length = bytes.readUInt16LE(at + lengthAt);
    names.push(bytes.toString("latin1", at + nameAt, at + nameAt + length));
  }
  return names;
}

function textAt(bytes: Buffer, at: number, length: number): string {
  const text = bytes.toString("latin1", at, at + length);
  const end = text.indexOf("\0");
  return (end < 0 ? text : text.slice(0, end)).trim();
}
