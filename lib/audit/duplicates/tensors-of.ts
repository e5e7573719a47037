import { readGgufHeader } from "../../gguf";
import { sourceOf } from "../content/gguf";
import { readSafetensorsHeader } from "../content/safetensors-header";
import type { ModelUnit } from "../models/unit";
import { toText } from "../walk/byte-path";
import { pathOf, type FileRecord } from "../walk/file-record";
import { withFile, type OpenFile } from "../walk/system";

export type PlainType = "F16" | "BF16" | "F32";

/** A matrix of a model that is stored value by value, and where. */
export interface PlainMatrix {
  name: string;
  rows: number;
  columns: number;
  type: PlainType;
  record: FileRecord;
  /** Bytes from the start of its file. */
  position: number;
}

const PLAIN = new Set<string>(["F16", "BF16", "F32"]);

/**
 * The matrices of a model by name; those of quantized types are left out, as their values are not stored one by one.
 *
 * @throws file system errors, and `model_file_invalid`
 */
export async function plainMatrices(unit: ModelUnit): Promise<Map<string, PlainMatrix>> {
  const found = new Map<string, PlainMatrix>();
  for (const record of unit.records) {
    const format = record.content?.weights?.format;
    if (record.content?.weights?.role !== "model" || record.content.problem !== null) continue;
    const list = await withFile(pathOf(record), (file) =>
      format === "gguf" ? ofGguf(file, record) : format === "safetensors" ? ofSafetensors(file, record) : [],
    );
    for (const matrix of list) if (PLAIN.has(matrix.type)) found.set(matrix.name, matrix);
  }
  return found;
}

function ofSafetensors(file: OpenFile, record: FileRecord): PlainMatrix[] {
  const header = readSafetensorsHeader(file);
  if (typeof header === "string") return [];
  return header.tensors.flatMap(({ name, dtype, shape, start }) => {
    const [rows, columns] = shape;
    if (shape.length !== 2 || rows === undefined || columns === undefined) return [];
    return [{ name, rows, columns, type: dtype as PlainType, record, position: header.dataOffset + start }];
  });
}

async function ofGguf(file: OpenFile, record: FileRecord): Promise<PlainMatrix[]> {
  const name = toText(pathOf(record));
  const { tensors, dataOffset } = await readGgufHeader(name, () => Promise.resolve(sourceOf(file, name)));
  return tensors.flatMap(({ name, shape, type, offset }) => {
    const [columns, rows] = shape; // the fastest first
    if (shape.length !== 2 || rows === undefined || columns === undefined) return [];
    return [{ name, rows, columns, type: type as PlainType, record, position: dataOffset + offset }];
  });
}
