import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditPlan, AuditReport } from "../../lib/audit";
import { buildGrownRepository, GROWN_GIGABYTES } from "../fixtures/grown-repository";

/** `memwell audit` as a newcomer types it. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), "memwell-audit-cli-")));
const grown = join(folder, "grown");
beforeAll(() => buildGrownRepository(grown));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const memwell = (...commandArguments: string[]) =>
  execa(process.execPath, [resolve("dist/cli.js"), "audit", ...commandArguments], { cwd: folder, reject: false });

/** Not every system lets a file be read without noting it. */
const withoutTimes = (text: string) => text.replace(/"last_accessed": [\d.]+/g, "");

describe("memwell audit", () => {
  it("prints how large a folder is and why: sums, models, folders, what to look at", async () => {
    const { exitCode, stdout, stderr } = await memwell("grown");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const { total, models, gguf, caches, adapters, domains, backups, other } = GROWN_GIGABYTES;
    for (const figure of [total, models, gguf, ...caches, adapters, ...domains, backups, other])
      expect(stdout).toContain(`${figure} GB`);
    expect(stdout).toMatch(
      /^ *1\.18 GB +1\.10 B +llama Q8_0 +gguf +model +look +models\/gguf\/tutor-1\.1b-Q8_0\.gguf/m,
    );
    expect(stdout).toMatch(/^act now +2\.59 GB .* the same bytes as models\/second-cache/m);
    expect(stdout).toMatch(/^ *4\.30 GB .* act now +adapters$/m);
    expect(stdout).toContain("files are sparse");
  });

  it("shows as many levels and lines as it is told to", async () => {
    const { stdout } = await memwell("grown", "--depth", "0", "--top", "1");
    expect(stdout).toMatch(/^ *42\.37 GB .* act now +\.$/m);
    expect(stdout).not.toMatch(/ +adapters$/m);
    expect(stdout).toMatch(/^\.\.\. and \d+ more models: --top NUMBER shows more$/m);
  });

  it("prints everything as JSON, the same each time", async () => {
    const [first, second] = [await memwell("grown", "--json"), await memwell("grown", "--json")];
    const report = JSON.parse(first.stdout) as AuditReport;
    expect(report).toMatchObject({ version: 1, folder: grown, nb_notes: {} });
    expect(Object.keys(report).sort()).toEqual(
      [
        "version folder total nb_folders folders_size_on_disk hard_links nb_links sparse sections models hub_caches",
        "duplicates empty_folders findings large_files tree notes nb_notes nb_judged_by_name",
      ]
        .flatMap((line) => line.split(" "))
        .sort(),
    );
    expect(withoutTimes(second.stdout)).toBe(withoutTimes(first.stdout));
  });

  it("prints a plan by the rules, and keeps what the settings use; nothing is done", async () => {
    const before = withoutTimes((await memwell("grown", "--json", "--depth", "0")).stdout);
    const rules = join(folder, "rules.json");
    writeFileSync(rules, '{"keep": {"paths": ["backups"]}}');
    const used = { MEMWELL_RESPONSE_MODEL: join(grown, "models/gguf/tutor-1.1b-Q8_0.gguf") };
    const plain = await memwell("grown", "--plan");
    expect(plain.exitCode).toBe(0);
    expect(plain.stdout).toMatch(/^now +42\.37 GB/m);
    expect(plain.stdout).toMatch(/^compression +4 .* 1\.\d\d GB/m);
    expect(plain.stdout).toMatch(/^delete +1\.18 GB +low +models\/gguf\/tutor-1\.1b-Q8_0\.gguf/m);
    const careful = await execa(
      process.execPath,
      [resolve("dist/cli.js"), "audit", "grown", "--rules", rules, "--json"],
      {
        cwd: folder,
        env: used,
      },
    );
    const plan = JSON.parse(careful.stdout) as AuditPlan;
    expect(plan.kept.map(({ path }) => path)).toContain("models/gguf/tutor-1.1b-Q8_0.gguf");
    expect(plan.left_alone.filter(({ why }) => why === "the rules keep its path")).toHaveLength(3);
    const missing = await memwell("grown", "--rules", join(folder, "no.json"));
    expect(missing).toMatchObject({ exitCode: 1, stdout: "" });
    expect(withoutTimes((await memwell("grown", "--json", "--depth", "0")).stdout)).toBe(before);
  });

  it("says on standard error what it left out", async () => {
    const odd = join(folder, "odd");
    mkdirSync(odd);
    symlinkSync("/", join(odd, "out"));
    const { exitCode, stdout, stderr } = await memwell("odd");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("in 1 files");
    expect(stderr).toBe(`${odd}/out: this link leads out of the folder, to /: not followed, not counted`);
  });

  it("ends with 1 for a folder that is not there, and with 2 for wrong usage", async () => {
    expect(await memwell("nowhere")).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: '"nowhere": there is no such folder. Name a folder that Memwell may read.',
    });
    expect(await memwell("grown", "--depth", "x")).toMatchObject({ exitCode: 2, stdout: "" });
    expect(await memwell("grown", "--what")).toMatchObject({ exitCode: 2, stdout: "" });
  });

  it("explains its JSON and its exit codes", async () => {
    const { stdout } = await memwell("--help");
    for (const word of ["--json", "same_bytes", "findings", "Exit codes", "--cross-mounts"])
      expect(stdout).toContain(word);
  });

  it("ends at once when it is stopped, and says that nothing was changed", async () => {
    // As soon as the program listens for Ctrl+C, it comes.
    const press = 'process.on("newListener", (event) => event === "SIGINT" && setImmediate(() => process.kill(process.pid, "SIGINT")))'; // prettier-ignore
    const program = [`--import=data:text/javascript,${encodeURIComponent(press)}`, resolve("dist/cli.js")];
    const stopped = await execa(process.execPath, [...program, "audit", "grown"], { cwd: folder, reject: false });
    expect(stopped).toMatchObject({ exitCode: 130, stdout: "", stderr: "Stopped. Nothing was changed." });
  });
});
