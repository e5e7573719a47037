import { invalidFile } from "./file-errors";
import type { GgufHeader, GgufScalarType, GgufValue } from "./types";

/** Typed questions to a file's metadata, asked as strictly as llama.cpp asks them: a key of the wrong type is an error. */
export class MetadataView {
  constructor(
    readonly path: string,
    readonly header: GgufHeader,
  ) {}

  /** The entry, of one of the types; undefined when the key is missing. */
  private entry(key: string, type: GgufValue["type"]): GgufValue | undefined {
    const entry = this.header.metadata.get(key);
    if (entry !== undefined && entry.type !== type) this.refuse(`${key} is a ${entry.type} instead of a ${type}`);
    return entry;
  }

  text(key: string): string | null {
    const entry = this.entry(key, "string");
    return entry?.type === "string" ? entry.value : null;
  }

  requiredText(key: string): string {
    const text = this.text(key);
    if (text === null || text === "") this.refuse(`${key} is missing`);
    return text;
  }

  /** A uint32, which is the type of every size llama.cpp reads. */
  count(key: string, bounds: { least: number; most: number }): number | null {
    const entry = this.entry(key, "uint32");
    if (entry?.type !== "uint32") return null;
    if (entry.value < bounds.least || entry.value > bounds.most) {
      this.refuse(`${key} is ${entry.value}, which is not between ${bounds.least} and ${bounds.most}`);
    }
    return entry.value;
  }

  requiredCount(key: string, bounds: { least: number; most: number }): number {
    return this.count(key, bounds) ?? this.refuse(`${key} is missing`);
  }

  /** One number for all blocks, or one for each. */
  countOrCounts(key: string, blockCount: number, bounds: { least: number; most: number }): number | number[] | null {
    const entry = this.header.metadata.get(key);
    if (entry?.type !== "array") return this.count(key, bounds);
    const items = Array.from(entry.value, Number);
    if ((entry.itemType !== "uint32" && entry.itemType !== "int32") || items.length < blockCount) {
      this.refuse(`${key} does not have a whole number for each of ${blockCount} blocks`);
    }
    const wrong = items.find((item) => item < bounds.least || item > bounds.most);
    if (wrong !== undefined) this.refuse(`${key} contains ${wrong}`);
    return items;
  }

  number(key: string): number | null {
    const entry = this.entry(key, "float32");
    return entry?.type === "float32" ? entry.value : null;
  }

  flag(key: string): boolean | null {
    const entry = this.entry(key, "bool");
    return entry?.type === "bool" ? entry.value : null;
  }

  texts(key: string): string[] | null {
    return this.items(key, ["string"]) as string[] | null;
  }

  items(key: string, itemTypes: readonly GgufScalarType[]): ArrayLike<unknown> | null {
    const entry = this.entry(key, "array");
    if (entry?.type !== "array") return null;
    if (!itemTypes.includes(entry.itemType)) {
      this.refuse(`${key} has items of type ${entry.itemType} instead of ${itemTypes.join(" or ")}`);
    }
    return entry.value;
  }

  refuse(reason: string): never {
    throw invalidFile(this.path, reason);
  }
}
