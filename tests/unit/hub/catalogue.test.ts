import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCatalogue, readCatalogue } from "../../../lib/hub";
import { failureOf, scratchFolder } from "./helpers";

const folder = scratchFolder();
const entry = { id: "tutor", name: "A tutor", roles: ["response"], repo: "org/tutor-GGUF", quant: "q4_k_m" };
const catalogue = (...models: object[]) => ({ date: "2026-11-22", models });

describe("the catalogue that Memwell ships with", () => {
  it("has models for each role, of sizes that their parameters and quants can have, each with its page", async () => {
    const { date, models } = await readCatalogue(null);
    expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(models.length).toBeGreaterThanOrEqual(10);
    for (const role of ["response", "reasoning"] as const)
      expect(models.filter(({ roles }) => roles.includes(role)).length).toBeGreaterThanOrEqual(4);
    for (const { id, repo, quant, size, parameters, license, source } of models) {
      const bits = ((size ?? 0) * 8) / (parameters ?? 1);
      const named = Number(/\d/.exec(quant ?? "")?.[0]);
      expect(bits, `${id}: bits for a parameter`).toBeGreaterThan(named);
      // Names round parameters down by up to a fifth.
      expect(bits, `${id}: bits for a parameter`).toBeLessThan(named * 1.25 + 1.6);
      expect(license).not.toBeNull();
      expect(source).toBe(`https://huggingface.co/${repo}`);
    }
  });
});

describe("an owner's catalogue", () => {
  it("is read from a file; what it leaves out is unknown", async () => {
    const path = join(folder, "own.json");
    writeFileSync(path, JSON.stringify({ ...catalogue(entry), about: "our own" }));
    expect(await readCatalogue(path)).toEqual({
      date: "2026-11-22",
      models: [
        {
          ...entry,
          quant: "Q4_K_M",
          file: null,
          revision: null,
          size: null,
          parameters: null,
          context: null,
          license: null,
          words: null,
          source: null,
        },
      ],
    });
  });

  it.each([
    ["a repository that leads elsewhere", { repo: "../../etc" }, "repo"],
    ["a repository without an owner", { repo: "tutor" }, "repo"],
    ["a file that leads elsewhere", { file: "../../x.gguf" }, "file"],
    ["a file that is no model", { file: "run.sh" }, "file"],
    ["a file with another revision in it", { file: "x@main.gguf" }, "file"],
    ["a quant with a slash", { quant: "../Q4" }, "quant"],
    ["the name of what is built in", { id: "built-in" }, "id"],
    ["an id with spaces", { id: "a tutor" }, "id"],
    ["no role", { roles: [] }, "roles"],
    ["a role twice", { roles: ["response", "response"] }, "roles"],
    ["an unknown role", { roles: ["king"] }, "roles"],
    ["a name over two lines", { name: "a\nb" }, "name"],
    ["a name that turns the text around", { name: "a\u202eb" }, "name"],
    ["a size below nothing", { size: -1 }, "size"],
    ["a size as a text", { size: "2 GB" }, "size"],
    ["an address that is a program", { source: "javascript:alert(1)" }, "source"],
    ["something unknown", { colour: "red" }, "colour"],
  ])("is refused with %s, and told where", (_, change, where) => {
    const error = (() => {
      try {
        parseCatalogue(catalogue({ ...entry, ...change }), "own.json");
      } catch (thrown) {
        return thrown as Error;
      }
      return null;
    })();
    expect(error).toMatchObject({ code: "invalid_setting" });
    expect(error?.message).toContain(where);
    expect(error?.message).toMatch(/own\.json.*MEMWELL_CATALOGUE/s);
  });

  it("is refused with two models of one id, too many, or of another form", () => {
    const many = Array.from({ length: 201 }, (_, index) => ({ ...entry, id: `m${index}` }));
    for (const content of [catalogue(entry, entry), catalogue(...many), [], null, "x", { models: [] }])
      expect(() => parseCatalogue(content, "own.json")).toThrow(/own\.json/);
  });

  it("is refused when it is missing, no JSON, a folder, or far too large", async () => {
    mkdirSync(join(folder, "dir.json"));
    writeFileSync(join(folder, "broken.json"), '{"date": ');
    writeFileSync(join(folder, "large.json"), " ".repeat(1_000_001));
    for (const [name, words] of [
      ["none.json", "no such file"],
      ["broken.json", "no JSON"],
      ["dir.json", "no file"],
      ["large.json", "larger"],
    ] as const) {
      const failure = await failureOf(readCatalogue(join(folder, name)));
      expect(failure).toMatchObject({ code: "invalid_setting", message: expect.stringContaining(words) });
    }
  });
});
