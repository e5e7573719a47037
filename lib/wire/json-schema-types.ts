import type { JsonSchema } from "./json-schema";
import { LIMITS, type SchemaReading } from "./json-schema-reading";
import { isRecord, type Path } from "./paths";
import { schemaRefusal } from "./refusals";

const FORMATS = ["date-time", "time", "date"];

/** `{"type": "string"}` with its lengths or its format. */
export function readStringSchema(schema: JsonSchema, path: Path): JsonSchema {
  const minLength = readCount(schema, "minLength", path);
  const maxLength = readCount(schema, "maxLength", path);
  refuseReversed(minLength, maxLength, "maxLength", "minLength", path);
  if (schema.format === undefined) return { type: "string", ...given({ minLength, maxLength }) };
  if (typeof schema.format !== "string" || !FORMATS.includes(schema.format)) {
    throw schemaRefusal([...path, "format"], `must be one of ${FORMATS.join(", ")}`);
  }
  if (minLength !== undefined || maxLength !== undefined) {
    throw schemaRefusal([...path, "format"], "cannot be enforced together with minLength or maxLength");
  }
  return { type: "string", format: schema.format };
}

/**
 * `{"type": "array"}`. `items: false` after `prefixItems` means "no more than those"; `items: {}` and `items: true` mean
 * any value, which the grammar takes an absent `items` to mean.
 */
export function readArraySchema(schema: JsonSchema, path: Path, reading: SchemaReading, depth: number): JsonSchema {
  const minItems = readCount(schema, "minItems", path);
  let maxItems = readCount(schema, "maxItems", path);
  let prefixItems: JsonSchema[] | undefined;
  if (schema.prefixItems !== undefined) {
    if (!Array.isArray(schema.prefixItems)) throw schemaRefusal([...path, "prefixItems"], "must be a list of schemas");
    prefixItems = schema.prefixItems.map((item, index) =>
      reading.read(item, [...path, "prefixItems", index], reading, depth + 1),
    );
  }
  const prefixed = prefixItems?.length ?? 0;
  if (schema.items === false) maxItems = Math.min(maxItems ?? prefixed, prefixed);
  if (maxItems !== undefined && maxItems < prefixed) {
    throw schemaRefusal(
      [...path, "maxItems"],
      "must not be smaller than the number of prefixItems, which are all written",
    );
  }
  refuseReversed(minItems, maxItems, "maxItems", "minItems", path);
  const any = schema.items === undefined || typeof schema.items === "boolean" || isEmpty(schema.items);
  const items = any ? undefined : reading.read(schema.items, [...path, "items"], reading, depth + 1);
  return { type: "array", ...given({ items, prefixItems, minItems, maxItems }) };
}

/** `{"type": "object"}`. Every named property is written, in the order of `properties`. */
export function readObjectSchema(schema: JsonSchema, path: Path, reading: SchemaReading, depth: number): JsonSchema {
  const properties = readProperties(schema, path, reading, depth);
  const named = properties === undefined ? [] : Object.keys(properties);
  refuseUnknownRequired(schema, named, path);
  const minProperties = readCount(schema, "minProperties", path);
  const maxProperties = readCount(schema, "maxProperties", path);
  refuseReversed(minProperties, maxProperties, "maxProperties", "minProperties", path);
  if (maxProperties !== undefined && maxProperties < named.length) {
    throw schemaRefusal(
      [...path, "maxProperties"],
      "must not be smaller than the number of properties, which are all written",
    );
  }
  const wantsMore = minProperties !== undefined && minProperties > named.length;
  let additionalProperties: boolean | JsonSchema | undefined;
  if (isRecord(schema.additionalProperties) && !isEmpty(schema.additionalProperties)) {
    additionalProperties = reading.read(
      schema.additionalProperties,
      [...path, "additionalProperties"],
      reading,
      depth + 1,
    );
  } else if (schema.additionalProperties === undefined) {
    // JSON Schema leaves an object open unless told otherwise, the grammar closes it. A closed object satisfies an open
    // schema, and models answer better without invented properties, so only what would otherwise be `{}` stays open.
    additionalProperties = named.length === 0 || wantsMore;
  } else if (typeof schema.additionalProperties === "boolean" || isEmpty(schema.additionalProperties)) {
    additionalProperties = schema.additionalProperties !== false;
    if (!additionalProperties && wantsMore) {
      throw schemaRefusal(
        [...path, "minProperties"],
        "is larger than the number of properties, and no others are allowed",
      );
    }
  } else {
    throw schemaRefusal([...path, "additionalProperties"], "must be true, false or a schema");
  }
  return { type: "object", ...given({ properties, minProperties, maxProperties }), additionalProperties };
}

function readProperties(schema: JsonSchema, path: Path, reading: SchemaReading, depth: number): JsonSchema | undefined {
  if (schema.properties === undefined) return undefined;
  if (!isRecord(schema.properties)) throw schemaRefusal([...path, "properties"], "must be an object of schemas");
  // fromEntries, because assigning a property called __proto__ would lose it.
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => {
      const propertyPath = [...path, "properties", name];
      reading.countText(name, propertyPath);
      return [name, reading.read(property, propertyPath, reading, depth + 1)];
    }),
  );
}

function refuseUnknownRequired(schema: JsonSchema, named: string[], path: Path): void {
  if (schema.required === undefined) return;
  if (!Array.isArray(schema.required)) throw schemaRefusal([...path, "required"], "must be a list of property names");
  const known = new Set(named);
  schema.required.forEach((name: unknown, index) => {
    if (typeof name !== "string" || !known.has(name)) {
      throw schemaRefusal([...path, "required", index], "names no property of this object: describe it in properties");
    }
  });
}

function readCount(schema: JsonSchema, keyword: string, path: Path): number | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > LIMITS.repetitions) {
    throw schemaRefusal([...path, keyword], `must be a whole number from 0 to ${LIMITS.repetitions}`);
  }
  return value;
}

function refuseReversed(
  least: number | undefined,
  most: number | undefined,
  keyword: string,
  other: string,
  path: Path,
): void {
  if (least !== undefined && most !== undefined && most < least) {
    throw schemaRefusal([...path, keyword], `must not be smaller than ${other}`);
  }
}

function isEmpty(schema: unknown): boolean {
  return isRecord(schema) && Object.keys(schema).length === 0;
}

function given(keywords: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(keywords).filter(([, value]) => value !== undefined));
}
