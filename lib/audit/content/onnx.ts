import { contentOf, factsOf, shortText, type Content } from "./content";

const TEXT_FIELDS = new Set([2, 3, 4, 6]);
const GRAPH = 7;
/** Everything that a `ModelProto` has (onnx/onnx.proto). */
const FIELDS = new Set([1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26]);

/**
 * An ONNX model has no magic number: it is a protobuf message that begins with its version and holds a graph. Read as one,
 * field by field, as far as the graph or the end of `head`.
 *
 * @param size of the whole file in bytes
 * @returns null when it is none
 */
export function readOnnxContent(head: Buffer, size: number): Content | null {
  if (head[0] !== 0x08) return null;
  let at = 0;
  let producer: string | null = null;
  while (at < head.length) {
    const tag = varint(head, at);
    if (tag === null) return null;
    const [field, wire] = [tag.value >>> 3, tag.value & 7];
    if (!FIELDS.has(field)) return null;
    const value = varint(head, tag.end);
    if (value === null || (wire !== 0 && wire !== 2)) return null;
    if (field === 1 && (wire !== 0 || value.value < 1 || value.value > 30)) return null;
    at = value.end;
    if (wire === 0) continue;
    if (value.value > size - at) return null;
    if (field === GRAPH) return head[at] === 0x0a ? onnx(producer) : null; // its first field is a node
    if (TEXT_FIELDS.has(field)) {
      const text = head.toString("utf8", at, at + value.value);
      if (text.includes("\uFFFD") || value.value > 4096) return null;
      if (field === 2) producer = shortText(text);
    }
    at += value.value;
  }
  return null;
}

function onnx(producer: string | null): Content {
  return { ...contentOf("onnx", "weights"), weights: factsOf("onnx", "model", { name: producer }) };
}

function varint(bytes: Buffer, start: number): { value: number; end: number } | null {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return null;
}
