import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { auditFolder, makePlan } from "../../../lib/audit";
import { fromReport, toText } from "../../../lib/audit/walk/byte-path";
import { noise, scratch, write } from "./support";

const { fresh } = scratch();
const later = Date.now() / 1000 + 10 * 365 * 86_400;

describe("a path in a report", () => {
  it("leads back to its file, whatever bytes it has, and begins with its folder's", () => {
    const names = ["plain", "\xc3\xa4", "\xff", "\\xff", "\xff\\xff", "\\x5cxff", "\\\\x41", "\\xFF", "new\nline"];
    const paths = names.flatMap((folder) => names.map((name) => `${folder}/${name}`));
    expect(new Set(paths.map(toText)).size).toBe(paths.length);
    for (const path of paths) {
      expect(fromReport(toText(path))).toBe(path);
      expect(toText(path).startsWith(`${toText(path.split("/")[0] ?? "")}/`)).toBe(true);
    }
    expect(toText("a\xff")).toBe("a\\xff");
  });
});

describe("an archive", () => {
  it("is a dataset or none by what is in it, and then it is no old backup", async () => {
    const folder = fresh();
    const rows = Array.from({ length: 5000 }, (_, row) =>
      JSON.stringify({ row, text: noise(20, row).toString("hex") }),
    );
    write(folder, "rows", gzipSync(rows.join("\n")));
    write(folder, "image", gzipSync(noise(200_000, 2)));
    write(folder, "rows.jsonl.zst", Buffer.concat([Buffer.from("28b52ffd", "hex"), noise(100_000, 3)]));
    write(folder, "backup.zst", Buffer.concat([Buffer.from("28b52ffd", "hex"), noise(100_000, 4)]));
    const report = await auditFolder(folder);
    const kinds = Object.fromEntries(report.sections.flatMap(({ kinds }) => kinds.map(({ kind, nb_files: n }) => [kind, n]))); // prettier-ignore
    expect(kinds).toEqual({ archive: 1, dataset: 2, other: 1 });
    const plan = makePlan(report, { now: later });
    expect(plan.phases[0]?.steps.map(({ what }) => what)).toEqual(["backup.zst"]);
  });
});

describe("a link to a small file", () => {
  it("keeps the folder that the file stands in", async () => {
    const folder = fresh();
    write(folder, "target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
    writeFileSync(join(folder, "target/program"), "x");
    expect(makePlan(await auditFolder(folder), { now: later }).phases[0]?.steps).toHaveLength(1);
    symlinkSync("target/program", join(folder, "program"));
    const plan = makePlan(await auditFolder(folder), { now: later });
    expect(plan.phases[0]?.steps).toEqual([]);
    expect(plan.left_alone).toMatchObject([{ path: "target", why: "a symbolic link leads to it" }]);
  });
});
