import { execFileSync } from "node:child_process";
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditFolder } from "../../../lib/audit";
import { scratch, write } from "./support";

const { fresh } = scratch();
const du = (folder: string): number =>
  Number(execFileSync("du", ["-s", "-B1", folder], { encoding: "utf8" }).split("\t")[0]);
const messagesOf = (notes: { kind: string; path: string }[]) => notes.map(({ kind, path }) => `${kind} ${path}`).sort();

describe("the sums of a folder", () => {
  it("are those of its files, in any tree", async () => {
    const name = fc.stringMatching(/^[a-c]{1,2}$/);
    const files = fc.array(fc.record({ folders: fc.array(name, { maxLength: 4 }), size: fc.nat(200_000) }), {
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(files, async (list) => {
        const folder = fresh();
        let sum = 0;
        for (const [index, { folders, size }] of list.entries()) {
          write(folder, join(...folders, `file-${index}`), Buffer.alloc(size, index));
          sum += size;
        }
        const report = await auditFolder(folder);
        expect(report.total.apparent_size).toBe(sum);
        expect(report.total.nb_files).toBe(list.length);
        expect(report.sections.reduce((all, { apparent_size }) => all + apparent_size, 0)).toBe(sum);
        const below = report.tree.folders.reduce((all, { apparent_size }) => all + apparent_size, 0);
        const own = list.filter(({ folders }) => folders.length === 0).reduce((all, { size }) => all + size, 0);
        expect(below + own).toBe(sum);
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it("are those of du, on the disk and by length", async () => {
    const folder = fresh();
    for (const [name, size] of Object.entries({ a: 1, "b/c": 70_000, "b/d/e": 5_000 })) {
      const file = openSync(write(folder, name, Buffer.alloc(size, 1)), "r+");
      fsyncSync(file); // until then the disk may still make up its mind
      closeSync(file);
    }
    const report = await auditFolder(folder);
    expect(report.total.size_on_disk + report.folders_size_on_disk).toBe(du(folder));
    expect(report.total).toMatchObject({ apparent_size: 75_001, nb_files: 3 });
  });

  it("count a file once, whatever hard and symbolic links lead to it, and tell sparse ones", async () => {
    const folder = fresh();
    const path = write(folder, "a/large.bin", Buffer.alloc(300_000, 1));
    mkdirSync(join(folder, "b"));
    linkSync(path, join(folder, "b", "again"));
    symlinkSync("../a/large.bin", join(folder, "b", "link"));
    symlinkSync("../a", join(folder, "b", "folder"));
    truncateSync(write(folder, "holes", "x"), 5_000_000);
    const report = await auditFolder(folder);
    expect(report.total.apparent_size).toBe(300_000 + 5_000_000 + "../a/large.bin".length + "../a".length);
    expect(report.hard_links).toEqual({ nb_names: 1, saved_size: 300_000 });
    expect(report.nb_links).toBe(2);
    expect(report.sparse.nb_files).toBe(1);
    expect(report.duplicates.same_bytes).toEqual([]);
    expect(report.notes).toEqual([]);
  });
});

describe("what is strange in a folder", () => {
  it("is told, and left alone: links out, in circles and to nothing, pipes", async () => {
    const outside = fresh();
    write(outside, "secret", Buffer.alloc(100_000));
    const folder = fresh();
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    symlinkSync(outside, join(folder, "out"));
    symlinkSync("..", join(folder, "deep", "er", "up"));
    symlinkSync("self", join(folder, "self"));
    symlinkSync("nowhere", join(folder, "broken"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const report = await auditFolder(folder);
    expect(report.total.apparent_size).toBe(outside.length + "..".length + "self".length + "nowhere".length);
    expect(messagesOf(report.notes)).toEqual(
      [
        `link-broken ${folder}/broken`,
        `link-circle ${folder}/deep/er/up`,
        `link-circle ${folder}/self`,
        `link-out ${folder}/out`,
        `special-file ${folder}/pipe`,
      ].sort(),
    );
  });

  it("may be names that are not UTF-8 or have line breaks: their files are counted and read", async () => {
    const folder = fresh();
    const strange = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from("ff22fe0a6b", "hex")]);
    mkdirSync(strange);
    for (const name of ["one", "two"])
      writeFileSync(Buffer.concat([strange, Buffer.from(`/${name}`)]), Buffer.alloc(100_000, 7));
    writeFileSync(join(folder, "größe\nzwei"), "x");
    const report = await auditFolder(folder);
    expect(report.total).toMatchObject({ apparent_size: 200_001, nb_files: 3 });
    expect(report.duplicates.same_bytes[0]?.paths).toEqual(['\\xff"\\xfe\nk/one', '\\xff"\\xfe\nk/two']);
    expect(report.tree.folders.map(({ name }) => name)).toEqual(['\\xff"\\xfe\nk']);
    expect(report.notes).toEqual([]);
  });

  it("may be folders deeper than a path can be long: what cannot be reached is told", async () => {
    const folder = fresh();
    const script = `
      const { mkdirSync, writeFileSync } = require("fs");
      for (let depth = 0; depth < 20; depth++) {
        mkdirSync("d".repeat(250));
        process.chdir("d".repeat(250));
      }
      writeFileSync("file", "x");`;
    execFileSync(process.execPath, ["-e", script], { cwd: folder });
    const report = await auditFolder(folder);
    execFileSync("rm", ["-rf", folder]); // Node's own cannot
    expect(report.nb_notes).toEqual({ unreadable: 1 });
    expect(report.notes[0]?.message).toContain("ENAMETOOLONG");
  });

  it("may be the folder itself: missing, a file", async () => {
    const folder = fresh();
    await expect(auditFolder(join(folder, "no"))).rejects.toMatchObject({ code: "not_found" });
    await expect(auditFolder(write(folder, "file", "x"))).rejects.toMatchObject({ code: "invalid_request" });
    await expect(auditFolder("a\0b")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(auditFolder("")).rejects.toMatchObject({ code: "not_found" });
  });

  it.each(["walk", "headers", "duplicates", "models"])("ends when it is cancelled while at %s", async (when) => {
    const folder = fresh();
    for (let index = 0; index < 3; index++) write(folder, `${index}`, Buffer.alloc(2_000_000, 1));
    const abort = new AbortController();
    const onStep = (step: string): void => void (step === when && abort.abort());
    await expect(auditFolder(folder, { signal: abort.signal, onStep })).rejects.toMatchObject({ code: "aborted" });
  });
});
