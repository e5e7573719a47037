import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditFolder } from "../../../../lib/audit";
import { keepAudit, readKeptAudit, readKeptEntry } from "../../../../lib/runtime/storage/kept-audits";

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "memwell-kept-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const entry = {
  id: "an id",
  audited_at: 1_700_000_000,
  took_ms: 5,
  total: { apparent_size: 1, size_on_disk: 2, nb_files: 3 },
};

describe("an audit that is kept", () => {
  it("is read again, whole or its entry alone, and is that of its folder only", async () => {
    const report = await auditFolder(home);
    const keptIn = join(home, "kept");
    keepAudit(keptIn, "/a", { entry, report });
    expect(readKeptEntry(keptIn, "/a")).toEqual(entry);
    expect(readKeptAudit(keptIn, "/a")).toEqual({ entry, report });
    expect(readKeptAudit(keptIn, "/b")).toBeNull();
    keepAudit(keptIn, "/a", { entry: { ...entry, id: "another" }, report });
    expect(readKeptEntry(keptIn, "/a")?.id).toBe("another");
    expect(readdirSync(keptIn)).toHaveLength(1);
  });

  it("is none when the file is cut, empty, of another version, or no JSON", async () => {
    const keptIn = join(home, "kept");
    keepAudit(keptIn, "/a", { entry, report: await auditFolder(home) });
    const path = join(keptIn, readdirSync(keptIn)[0] ?? "");
    const whole = readFileSync(path, "utf8");
    for (const text of [
      whole.slice(0, 400),
      "",
      "{}\n{}\n",
      "no JSON\n",
      whole.replace('"version":1', '"version":0'),
    ]) {
      writeFileSync(path, text);
      expect(readKeptAudit(keptIn, "/a")).toBeNull();
    }
    truncateSync(path, 0);
    expect(readKeptEntry(keptIn, "/a")).toBeNull();
  });
});
