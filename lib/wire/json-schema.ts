import { SchemaReading } from "./json-schema-reading";
import { isRecord, type Path } from "./paths";
import { checkReferences } from "./json-schema-references";
import { schemaRefusal } from "./refusals";
import { readArraySchema, readObjectSchema, readStringSchema } from "./json-schema-types";

/** A JSON schema that node-llama-cpp's grammar enforces completely. */
export type JsonSchema = Record<string, unknown>;

type Scalar = string | number | boolean | null;

const TYPES = ["string", "number", "integer", "boolean", "null", "object", "array"];
/** Which type a schema without `type` means by these keywords. */
const KEYWORD_TYPES: Record<string, string> = {
  properties: "object",
  required: "object",
  additionalProperties: "object",
  minProperties: "object",
  maxProperties: "object",
  items: "array",
  prefixItems: "array",
  minItems: "array",
  maxItems: "array",
  minLength: "string",
  maxLength: "string",
  format: "string",
};

/**
 * Reads a JSON schema into the dialect of node-llama-cpp's `createGrammarForJsonSchema`
 * (node_modules/node-llama-cpp/dist/utils/gbnfJson/types.d.ts), so that what the model writes always satisfies the
 * schema that was sent. The dialect ignores what it does not know; here that is refused instead.
 *
 * Three differences are translated: `anyOf` becomes `oneOf`; a schema open by default (`{"type": "object"}`) says so;
 * several types with keywords become alternatives. Optional properties are always written, which the schema allows.
 *
 * @param schema what the caller sent
 * @param path where it was in the request, for messages
 * @throws MemwellError `invalid_schema` naming the keyword's path in `fields.parameter`
 */
export function parseJsonSchema(schema: unknown, path: Path): JsonSchema {
  const reading = new SchemaReading(readSchema);
  if (!isRecord(schema)) throw schemaRefusal(path, "must be an object");
  const definitions = new Map<string, JsonSchema>();
  if (schema.$defs !== undefined) {
    if (!isRecord(schema.$defs)) throw schemaRefusal([...path, "$defs"], "must be an object of schemas");
    for (const name of Object.keys(schema.$defs)) reading.definitionNames.add(name);
    for (const [name, definition] of Object.entries(schema.$defs)) {
      definitions.set(name, readSchema(definition, [...path, "$defs", name], reading, 1));
    }
  }
  const { $defs: _definitions, ...rest } = schema;
  const root = readSchema(rest, path, reading, 0);
  if (!reading.usesReferences) return root;
  checkReferences(root, definitions, path);
  return { ...root, $defs: Object.fromEntries(definitions) };
}

function readSchema(schema: unknown, path: Path, reading: SchemaReading, depth: number): JsonSchema {
  if (!isRecord(schema)) throw schemaRefusal(path, "must be an object");
  reading.count(path, depth);
  const keywords = reading.keywordsOf(schema, path);
  if (keywords.has("$ref")) return readReference(schema, path, keywords, reading);
  if (keywords.has("oneOf") || keywords.has("anyOf")) return readAlternatives(schema, path, keywords, reading, depth);
  const types = readTypes(schema, path, keywords);
  if (keywords.has("const")) return readConstant(schema, path, keywords, types, reading);
  if (keywords.has("enum")) return readEnumeration(schema, path, keywords, types, reading);
  return readTyped(schema, path, keywords, types, reading, depth);
}

function readReference(schema: JsonSchema, path: Path, keywords: Set<string>, reading: SchemaReading): JsonSchema {
  refuseOthers(keywords, ["$ref"], path);
  const reference = schema.$ref;
  const prefix = "#/$defs/";
  if (typeof reference !== "string" || !reference.startsWith(prefix)) {
    throw schemaRefusal([...path, "$ref"], `must look like "${prefix}NAME", with NAME under the outermost $defs`);
  }
  if (!reading.definitionNames.has(reference.slice(prefix.length))) {
    throw schemaRefusal([...path, "$ref"], "names a definition that is not in the outermost $defs");
  }
  reading.usesReferences = true;
  return { $ref: reference };
}

function readAlternatives(
  schema: JsonSchema,
  path: Path,
  keywords: Set<string>,
  reading: SchemaReading,
  depth: number,
): JsonSchema {
  const keyword = keywords.has("oneOf") ? "oneOf" : "anyOf";
  refuseOthers(keywords, [keyword], path);
  const alternatives = schema[keyword];
  if (!Array.isArray(alternatives) || alternatives.length === 0) {
    throw schemaRefusal([...path, keyword], "must be a list of at least one schema");
  }
  return {
    oneOf: alternatives.map((alternative, index) =>
      readSchema(alternative, [...path, keyword, index], reading, depth + 1),
    ),
  };
}

function readConstant(
  schema: JsonSchema,
  path: Path,
  keywords: Set<string>,
  types: string[] | null,
  reading: SchemaReading,
): JsonSchema {
  refuseOthers(keywords, ["const", "type"], path);
  return { const: readScalar(schema.const, [...path, "const"], types, reading) };
}

function readEnumeration(
  schema: JsonSchema,
  path: Path,
  keywords: Set<string>,
  types: string[] | null,
  reading: SchemaReading,
): JsonSchema {
  refuseOthers(keywords, ["enum", "type"], path);
  const values = schema.enum;
  if (!Array.isArray(values) || values.length === 0)
    throw schemaRefusal([...path, "enum"], "must be a list of at least one value");
  return { enum: values.map((value, index) => readScalar(value, [...path, "enum", index], types, reading)) };
}

function readScalar(value: unknown, path: Path, types: string[] | null, reading: SchemaReading): Scalar {
  if (typeof value === "object" && value !== null)
    throw schemaRefusal(path, "must be a text, a number, true, false or null");
  const scalar = value as Scalar;
  if (typeof scalar === "string") reading.countText(scalar, path);
  if (types !== null && !types.some((type) => hasType(scalar, type))) {
    throw schemaRefusal(path, `is not of the type beside it (${types.join(", ")})`);
  }
  return scalar;
}

function hasType(value: Scalar, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

function readTypes(schema: JsonSchema, path: Path, keywords: Set<string>): string[] | null {
  if (!keywords.has("type")) return null;
  const given = Array.isArray(schema.type) ? schema.type : [schema.type];
  const types = new Set<string>();
  for (const type of given) {
    if (typeof type !== "string" || !TYPES.includes(type)) {
      throw schemaRefusal([...path, "type"], `must be one or several of ${TYPES.join(", ")}`);
    }
    types.add(type);
  }
  if (types.size === 0) throw schemaRefusal([...path, "type"], `must be one or several of ${TYPES.join(", ")}`);
  return [...types];
}

function readTyped(
  schema: JsonSchema,
  path: Path,
  keywords: Set<string>,
  given: string[] | null,
  reading: SchemaReading,
  depth: number,
): JsonSchema {
  const types = given ?? inferTypes(keywords);
  if (types.length === 0) {
    throw schemaRefusal(
      path,
      "needs one of type, enum, const, oneOf, anyOf, $ref: a value of any kind cannot stand here",
    );
  }
  for (const keyword of keywords) {
    const type = KEYWORD_TYPES[keyword];
    if (type !== undefined && !types.includes(type))
      throw schemaRefusal([...path, keyword], `needs "type": "${type}" beside it`);
  }
  const read = types.map((type) => readOfType(type, schema, path, reading, depth));
  return read.length === 1 ? read[0]! : { oneOf: read };
}

function inferTypes(keywords: Set<string>): string[] {
  return [...new Set([...keywords].map((keyword) => KEYWORD_TYPES[keyword]).filter((type) => type !== undefined))];
}

function readOfType(type: string, schema: JsonSchema, path: Path, reading: SchemaReading, depth: number): JsonSchema {
  if (type === "object") return readObjectSchema(schema, path, reading, depth);
  if (type === "array") return readArraySchema(schema, path, reading, depth);
  if (type === "string") return readStringSchema(schema, path);
  return { type };
}

function refuseOthers(keywords: Set<string>, together: string[], path: Path): void {
  for (const keyword of keywords) {
    if (!together.includes(keyword)) {
      throw schemaRefusal(
        [...path, keyword],
        `cannot be enforced together with ${together[0]}: write it inside the alternatives`,
      );
    }
  }
}
