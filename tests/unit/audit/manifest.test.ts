import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addToManifest,
  parseManifest,
  readManifest,
  readManifestIfThere,
  withEntries,
  withoutPaths,
  writeManifest,
  type ManifestEntry,
} from "../../../lib/audit";
import { MemwellError } from "../../../lib/errors";
import { scratch } from "./support";

const { fresh } = scratch();

const entry = (changes: Partial<ManifestEntry> = {}): ManifestEntry => ({
  path: "models/a.gguf",
  repo_type: "model",
  repo: "org/tutor",
  file: "a.gguf",
  revision: "0123456789abcdef0123456789abcdef01234567",
  sha256: "ab".repeat(32),
  size: 12,
  license: null,
  ...changes,
});
const text = (...entries: object[]) => JSON.stringify({ version: 1, entries });
const refusal = (manifest: string): string => {
  try {
    parseManifest(manifest, "m.json");
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(MemwellError);
    return `${(thrown as MemwellError).code} ${(thrown as MemwellError).message}`;
  }
  return "none";
};

describe("a manifest", () => {
  it("is written whole, and reads as it was written", () => {
    const path = join(fresh(), "memwell-models.json");
    expect(readManifestIfThere(path).entries).toEqual([]);
    const entries = [entry(), entry({ path: "models/b.gguf", license: "apache-2.0" })];
    writeManifest(path, { version: 1, entries });
    expect(readManifest(path)).toEqual({ version: 1, entries });
    expect(readdirSync(join(path, ".."))).toEqual(["memwell-models.json"]);
  });

  it("takes entries at the same path for the same file, in an order of its own, and lets go of them", () => {
    const { path: _path, repo_type: _type, license: _license, ...rest } = entry();
    const first = addToManifest(null, [{ ...rest, path: "z" }, { ...rest, path: "b" }]); // prettier-ignore
    const second = parseManifest(addToManifest(first, [{ ...rest, path: "z", size: 99 }]), "m.json");
    expect(second.entries.map(({ path, size }) => [path, size])).toEqual([
      ["b", 12],
      ["z", 99],
    ]);
    expect(withoutPaths(second, ["z", "no"]).entries.map(({ path }) => path)).toEqual(["b"]);
    expect(withEntries(second, []).entries).toEqual(second.entries);
  });

  it("reads as the README shows it", () => {
    const [, block = ""] = /```json\n(\{\n {2}"version": 1[^`]*)```/.exec(readFileSync("README.md", "utf8")) ?? [];
    expect(parseManifest(block, "README.md").entries[0]).toEqual(JSON.parse(block).entries[0]);
  });

  it("may leave out what most entries share", () => {
    const { repo_type: _type, license: _license, ...short } = entry();
    expect(parseManifest(text(short), "m.json").entries).toEqual([entry()]);
  });
});

describe("a manifest of a stranger", () => {
  it.each([
    "../out",
    "/etc/passwd",
    "a/../../out",
    "a//b",
    "./a",
    "",
    "a/",
    "C:\\x",
    "C:x",
    "a\\b",
    "a\u0000b",
    "a\u001b[2Jb",
    "a\u202eb",
    ".git/hooks/post-checkout",
    "sub/.GIT/config",
    "sub/.git. /config",
    "git~1/config",
  ])("leads nowhere with the path %j", (path) => {
    expect(refusal(text(entry({ path })))).toMatch(/^invalid_request m\.json: entries\.0\.path: /);
    expect(refusal(text(entry({ file: path })))).toMatch(/^invalid_request m\.json: entries\.0\.file: /);
  });

  it("has no path that is too long for a disk", () => {
    for (const path of ["x".repeat(300), `${"a/".repeat(3000)}a`])
      expect(refusal(text(entry({ path })))).toContain("entries.0.path: ");
  });

  it.each([
    ["repo", "../other"],
    ["repo", "org/a/b"],
    ["repo", "org--a"],
    ["repo_type", "space"],
    ["revision", "main"],
    ["sha256", "AB".repeat(32)],
    ["sha256", "ab"],
    ["size", -1],
    ["size", 1.5],
    ["size", 1e300],
    ["license", "a\u001b[31m"],
  ])("is refused by its place for the %s %j", (field, value) => {
    expect(refusal(text({ ...entry(), [field]: value }))).toContain(`m.json: entries.0.${field}: `);
  });

  it("is refused with a path twice, and with a file in the place of a folder", () => {
    expect(refusal(text(entry(), entry()))).toContain('"models/a.gguf" is there twice');
    expect(refusal(text(entry({ path: "a/b/c" }), entry({ path: "a" })))).toContain('"a" is a file and a folder');
  });

  it("may have thousands of entries, and not any number", () => {
    const entries = Array.from({ length: 3000 }, (_, index) => entry({ path: `m/${index}` }));
    expect(parseManifest(text(...entries), "m.json").entries).toHaveLength(3000);
    const tooMany = JSON.stringify({ version: 1, entries: Array.from({ length: 10_001 }, () => 0) });
    expect(refusal(tooMany)).toContain("m.json: entries: ");
  });

  it("is refused when it is no JSON, of another version, not a file, or has more than is known", () => {
    expect(refusal("{")).toMatch(/^invalid_json m\.json is no JSON/);
    expect(refusal('{"version": 2, "entries": []}')).toMatch(/version: 1 is all that this Memwell reads/);
    expect(refusal('{"version": 1, "entries": [], "run": "x"}')).toMatch(/^invalid_request/);
    const folder = fresh();
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of [folder, pipe, join(folder, "none")])
      expect(() => readManifest(path)).toThrow(expect.objectContaining({ code: "not_found" }));
    const huge = join(folder, "huge");
    writeFileSync(huge, " ".repeat(16_000_001));
    expect(() => readManifest(huge)).toThrow("it is no manifest");
  });

  it("is never written either", () => {
    const path = join(fresh(), "m.json");
    writeManifest(path, { version: 1, entries: [entry()] });
    const before = readFileSync(path, "utf8");
    expect(() => writeManifest(path, { version: 1, entries: [entry({ path: "../x" })] })).toThrow(MemwellError);
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  it("of any form is parsed or refused, never worse", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const answer = refusal(JSON.stringify({ version: 1, entries: [value] }));
        expect(answer).toMatch(/^invalid_request/);
      }),
      { numRuns: 200 },
    );
  });
});
