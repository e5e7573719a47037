import type { JsonSchema } from "./json-schema";
import type { Path } from "./paths";
import { schemaRefusal } from "./refusals";

/**
 * Bounds that keep the grammar small enough to compile in milliseconds. llama.cpp refuses a repetition of more than 2,000
 * elements; node-llama-cpp writes up to three a round (measured with 3.22.1: 666 further properties, 1,000 characters).
 */
export const LIMITS = { depth: 24, schemas: 1000, textCharacters: 50_000, repetitions: 600 };

const ENFORCED = new Set([
  "type",
  "enum",
  "const",
  "oneOf",
  "anyOf",
  "$ref",
  "properties",
  "required",
  "additionalProperties",
  "minProperties",
  "maxProperties",
  "items",
  "prefixItems",
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "format",
]);
const ANNOTATIONS = new Set([
  "title",
  "description",
  "default",
  "examples",
  "$schema",
  "$id",
  "$comment",
  "deprecated",
]);
// node-llama-cpp writes texts into the grammar with only these four escaped, so any other control character would come
// out raw, and the answer would not be JSON.
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/u;

/** What is counted and remembered while one schema is read. */
export class SchemaReading {
  readonly definitionNames = new Set<string>();
  usesReferences = false;
  #schemas = 0;
  #characters = 0;

  constructor(readonly read: (schema: unknown, path: Path, reading: SchemaReading, depth: number) => JsonSchema) {}

  count(path: Path, depth: number): void {
    this.#schemas += 1;
    if (depth > LIMITS.depth) throw schemaRefusal(path, `is nested deeper than ${LIMITS.depth} levels`);
    if (this.#schemas > LIMITS.schemas)
      throw schemaRefusal(path, `makes the schema larger than ${LIMITS.schemas} parts`);
  }

  /** For texts that become part of the grammar: property names, enum and const values. */
  countText(text: string, path: Path): void {
    this.#characters += text.length;
    if (this.#characters > LIMITS.textCharacters) {
      throw schemaRefusal(path, `makes the schema's names and values longer than ${LIMITS.textCharacters} characters`);
    }
    if (UNWRITABLE.test(text)) throw schemaRefusal(path, "holds a control character or half a surrogate pair");
  }

  /** The keywords that say something, annotations left out; refuses those that no grammar enforces. */
  keywordsOf(schema: JsonSchema, path: Path): Set<string> {
    const keywords = new Set<string>();
    for (const keyword of Object.keys(schema)) {
      if (ANNOTATIONS.has(keyword)) continue;
      if (keyword === "$defs")
        throw schemaRefusal([...path, keyword], "is read at the outermost level only: move it there");
      if (!ENFORCED.has(keyword)) {
        throw schemaRefusal(
          [...path, keyword],
          "is a keyword that the grammar cannot enforce: leave it out of the schema",
        );
      }
      keywords.add(keyword);
    }
    return keywords;
  }
}
