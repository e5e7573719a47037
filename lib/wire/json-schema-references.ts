import type { JsonSchema } from "./json-schema";
import type { Path } from "./paths";
import { schemaRefusal } from "./refusals";

const PREFIX = "#/$defs/";

/**
 * Refuses recursion that a grammar cannot follow: a definition that is itself before anything is written (llama.cpp
 * rejects left recursion), and one that can never end because each value needs another of its kind inside.
 *
 * @throws MemwellError `invalid_schema`
 */
export function checkReferences(root: JsonSchema, definitions: Map<string, JsonSchema>, path: Path): void {
  for (const name of definitions.keys()) {
    if (reachesItself(name, definitions)) {
      throw schemaRefusal([...path, "$defs", name], "refers to itself without an object or array in between");
    }
  }
  const ending = definitionsThatEnd(definitions);
  for (const [name] of definitions) {
    if (!ending.has(name)) {
      throw schemaRefusal(
        [...path, "$defs", name],
        "never ends: all its properties are written, so give the recursion a null alternative",
      );
    }
  }
  if (!canEnd(root, ending)) throw schemaRefusal(path, "never ends");
}

function reachesItself(start: string, definitions: Map<string, JsonSchema>): boolean {
  const seen = new Set<string>();
  const waiting = leadingReferences(definitions.get(start));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === start) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...leadingReferences(definitions.get(name)));
  }
  return false;
}

/** Definitions that a value of this schema may be, before a brace or bracket is written. */
function leadingReferences(schema: JsonSchema | undefined): string[] {
  if (schema === undefined) return [];
  if (typeof schema.$ref === "string") return [schema.$ref.slice(PREFIX.length)];
  if (Array.isArray(schema.oneOf))
    return schema.oneOf.flatMap((alternative: JsonSchema) => leadingReferences(alternative));
  return [];
}

function definitionsThatEnd(definitions: Map<string, JsonSchema>): Set<string> {
  const ending = new Set<string>();
  for (let before = -1; before !== ending.size;) {
    before = ending.size;
    for (const [name, schema] of definitions) if (!ending.has(name) && canEnd(schema, ending)) ending.add(name);
  }
  return ending;
}

/** Whether some value of this schema is finite, given the definitions already known to be. */
function canEnd(schema: JsonSchema, ending: Set<string>): boolean {
  if (typeof schema.$ref === "string") return ending.has(schema.$ref.slice(PREFIX.length));
  if (Array.isArray(schema.oneOf)) return schema.oneOf.some((alternative: JsonSchema) => canEnd(alternative, ending));
  if (schema.type === "object") {
    const properties = Object.values((schema.properties ?? {}) as Record<string, JsonSchema>);
    const more =
      Number(schema.minProperties ?? 0) > properties.length && typeof schema.additionalProperties === "object";
    const rest = more ? [schema.additionalProperties as JsonSchema] : [];
    return [...properties, ...rest].every((property) => canEnd(property, ending));
  }
  if (schema.type === "array") {
    const prefix = (schema.prefixItems ?? []) as JsonSchema[];
    const more = Number(schema.minItems ?? 0) > prefix.length && schema.items !== undefined;
    const rest = more ? [schema.items as JsonSchema] : [];
    return [...prefix, ...rest].every((item) => canEnd(item, ending));
  }
  return true;
}
