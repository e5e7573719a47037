import path from "node:path";
import { pathToFileURL } from "node:url";

import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";

import { MemwellError } from "../../../lib/errors";
import { parseJsonSchema } from "../../../lib/wire";

const grammarModule = path.resolve(
  "node_modules/node-llama-cpp/dist/utils/gbnfJson/getGbnfGrammarForGbnfJsonSchema.js",
);
const { getGbnfGrammarForGbnfJsonSchema: grammarOf } = (await import(pathToFileURL(grammarModule).href)) as {
  getGbnfGrammarForGbnfJsonSchema: (schema: unknown) => string;
};

function refusal(schema: unknown): MemwellError {
  try {
    parseJsonSchema(schema, ["schema"]);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(MemwellError);
    return thrown as MemwellError;
  }
  throw new Error("the schema was accepted");
}

const person = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Person",
  type: "object",
  properties: {
    name: { type: "string", minLength: 1, maxLength: 40, description: "full name" },
    born: { type: "string", format: "date" },
    role: { type: "string", enum: ["admin", "guest"] },
    height: { anyOf: [{ type: "number" }, { type: "null" }], default: null },
    tags: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 3 },
    pair: { type: "array", prefixItems: [{ type: "integer" }, { type: "boolean" }], items: false },
    parent: { anyOf: [{ $ref: "#/$defs/Person" }, { type: "null" }] },
    version: { const: 2 },
    note: { type: ["string", "null"], maxLength: 5 },
    extra: { type: "object" },
  },
  required: ["name", "born"],
  additionalProperties: false,
  $defs: {
    Person: {
      type: "object",
      properties: { name: { type: "string" }, child: { oneOf: [{ $ref: "#/$defs/Person" }, { type: "null" }] } },
    },
  },
};

describe("a schema the grammar can enforce", () => {
  test("is translated into node-llama-cpp's dialect", () => {
    expect(parseJsonSchema(person, ["schema"])).toEqual({
      type: "object",
      properties: {
        name: { type: "string", minLength: 1, maxLength: 40 },
        born: { type: "string", format: "date" },
        role: { enum: ["admin", "guest"] },
        height: { oneOf: [{ type: "number" }, { type: "null" }] },
        tags: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 3 },
        pair: { type: "array", prefixItems: [{ type: "integer" }, { type: "boolean" }], maxItems: 2 },
        parent: { oneOf: [{ $ref: "#/$defs/Person" }, { type: "null" }] },
        version: { const: 2 },
        note: { oneOf: [{ type: "string", maxLength: 5 }, { type: "null" }] },
        extra: { type: "object", additionalProperties: true },
      },
      additionalProperties: false,
      $defs: {
        Person: {
          type: "object",
          properties: { name: { type: "string" }, child: { oneOf: [{ $ref: "#/$defs/Person" }, { type: "null" }] } },
          additionalProperties: false,
        },
      },
    });
  });

  test("makes a grammar without a warning from the library", () => {
    const warn = vi.spyOn(console, "warn");
    expect(grammarOf(parseJsonSchema(person, ["schema"]))).toContain("root ::=");
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test("may leave out the type where the keywords say it", () => {
    expect(parseJsonSchema({ properties: { a: { const: 1 } } }, [])).toMatchObject({ type: "object" });
    expect(parseJsonSchema({ items: {} }, [])).toEqual({ type: "array" });
  });

  test("keeps a property called __proto__", () => {
    const schema = parseJsonSchema(JSON.parse('{"type":"object","properties":{"__proto__":{"type":"null"}}}'), []);
    expect(JSON.stringify(schema)).toContain('"__proto__":{"type":"null"}');
  });
});

describe("a schema no grammar could enforce is refused by the keyword's path", () => {
  const cases: [string, unknown][] = [
    ["schema.minimum", { type: "integer", minimum: 1 }],
    ["schema.pattern", { type: "string", pattern: "a+" }],
    ["schema.allOf", { allOf: [{ type: "string" }] }],
    ["schema.not", { not: { type: "string" } }],
    ["schema.format", { type: "string", format: "email" }],
    ["schema.format", { type: "string", format: "date", minLength: 3 }],
    ["schema.items.uniqueItems", { type: "array", items: { type: "array", uniqueItems: true } }],
    ["schema.properties.a.multipleOf", { type: "object", properties: { a: { type: "number", multipleOf: 2 } } }],
    ['schema.properties["odd name"].x', { type: "object", properties: { "odd name": { type: "null", x: 1 } } }],
    ["schema", {}],
    ["schema", 5],
    ["schema.type", { type: "text" }],
    ["schema.type", { type: [] }],
    ["schema.maxLength", { type: "integer", maxLength: 3 }],
    ["schema.maxLength", { type: "string", maxLength: 100000 }],
    ["schema.maxLength", { type: "string", minLength: 5, maxLength: 3 }],
    ["schema.minItems", { type: "array", minItems: -1 }],
    ["schema.maxItems", { type: "array", prefixItems: [{ type: "null" }], maxItems: 0 }],
    ["schema.required[0]", { type: "object", properties: {}, required: ["a"] }],
    ["schema.minProperties", { type: "object", properties: {}, additionalProperties: false, minProperties: 1 }],
    [
      "schema.maxProperties",
      { type: "object", properties: { a: { type: "null" }, b: { type: "null" } }, maxProperties: 1 },
    ],
    ["schema.additionalProperties", { type: "object", additionalProperties: 1 }],
    ["schema.enum[1]", { type: "string", enum: ["a", 2] }],
    ["schema.enum", { enum: [] }],
    ["schema.enum[0]", { enum: ["bell \u0007"] }],
    ["schema.const", { const: { a: 1 } }],
    ["schema.type", { type: "object", oneOf: [{ type: "null" }] }],
    ["schema.oneOf", { oneOf: [] }],
    ["schema.$ref", { $ref: "#/definitions/A" }],
    ["schema.$ref", { $ref: "#/$defs/constructor", $defs: {} }],
    ["schema.properties.a.$defs", { type: "object", properties: { a: { type: "null", $defs: {} } } }],
    ["schema.$defs.A", { $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/A" } } }],
    ["schema.$defs.A", { $ref: "#/$defs/A", $defs: { A: { oneOf: [{ $ref: "#/$defs/A" }, { type: "null" }] } } }],
    [
      "schema.$defs.A",
      { $ref: "#/$defs/A", $defs: { A: { type: "object", properties: { next: { $ref: "#/$defs/A" } } } } },
    ],
  ];
  test.each(cases)("%s in %j", (parameter, schema) => {
    const error = refusal(schema);
    expect(error.code).toBe("invalid_schema");
    expect(error.fields.parameter).toBe(parameter);
    expect(error.message).toContain(parameter);
  });

  test("too deep, and too large", () => {
    let deep: unknown = { type: "null" };
    for (let level = 0; level < 2000; level += 1) deep = { type: "array", items: deep };
    expect(refusal(deep).message).toContain("nested deeper");
    const wide = { oneOf: Array.from({ length: 5000 }, () => ({ type: "null" })) };
    expect(refusal(wide).message).toContain("larger than");
    expect(refusal({ enum: ["x".repeat(60_000)] }).message).toContain("longer than");
  });
});

describe("any JSON value", () => {
  const keyword = fc.constantFrom(
    ...["type", "enum", "const", "oneOf", "anyOf", "$ref", "$defs", "properties", "required", "additionalProperties"],
    ...[
      "items",
      "prefixItems",
      "minItems",
      "maxItems",
      "minLength",
      "maxLength",
      "format",
      "minProperties",
      "title",
      "pattern",
    ],
  );
  const { schema } = fc.letrec((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.record({ type: fc.constantFrom("string", "null", "object", "array") }),
      tie("object"),
    ),
    object: fc.dictionary(
      keyword,
      fc.oneof(
        tie("schema"),
        fc.array(tie("schema"), { maxLength: 3 }),
        fc.dictionary(fc.string({ maxLength: 4 }), tie("schema"), { maxKeys: 3 }),
        fc.constantFrom("string", "object", "array", "date", "#/$defs/a", true, false, 0, 2, ["string", "null"]),
      ),
      { maxKeys: 4 },
    ),
  }));

  test("is refused with a typed error or becomes a grammar, silently", () => {
    const warn = vi.spyOn(console, "warn");
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), schema), (value) => {
        let read: unknown;
        try {
          read = parseJsonSchema(value, []);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MemwellError);
          expect((thrown as MemwellError).code).toBe("invalid_schema");
          return;
        }
        accepted += 1;
        expect(grammarOf(JSON.parse(JSON.stringify(read)))).toContain("root ::=");
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(50);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});
