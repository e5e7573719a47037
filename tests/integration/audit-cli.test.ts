import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditPlan, AuditReport } from "../../lib/audit";
import { configJson, safetensorsHeader, SHAPES } from "../fixtures/grown/headers";
import { buildGrownRepository, GROWN_GIGABYTES } from "../fixtures/grown-repository";
import { HubServer } from "../fixtures/hub-server";

/** `memwell audit` as a newcomer types it. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), "memwell-audit-cli-")));
const grown = join(folder, "grown");
beforeAll(() => buildGrownRepository(grown));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const memwell = (...commandArguments: string[]) =>
  execa(process.execPath, [resolve("dist/cli.js"), "audit", ...commandArguments], { cwd: folder, reject: false });

/** Not every system lets a file be read without noting it. */
const withoutTimes = (text: string) => text.replace(/"(?:last_accessed|taken_at)": [\d.]+/g, "");

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
        "version folder taken_at total nb_folders folders_size_on_disk hard_links nb_links sparse sections models hub_caches",
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

  it("adds to the plan what git lacks, and what the bytes cost before and after each phase", async () => {
    const { exitCode, stdout } = await memwell("grown", "--plan", "--cost");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("  /models/full-cache/models--org--large-chat/");
    expect(stdout).toContain("  *.safetensors filter=lfs diff=lfs merge=lfs -text");
    // 42.37 GB are 39.46 of 2^30 bytes.
    expect(stdout).toMatch(/^now +42\.37 GB +0\.00 +0\.91 +1\.99 +2\.06 +3\.16$/m);
    expect(stdout).toMatch(/^compression +1\.\d\d GB +0\.00 .* \d\.\d\d GB more: 0\.00$/m);
    expect(stdout).toMatch(/https:\/\/huggingface\.co\/docs\/hub\/storage-limits \(2026-06-23\)/);
    const plan = JSON.parse((await memwell("grown", "--plan", "--cost", "--json")).stdout) as AuditPlan & {
      cost: { states: unknown[] };
      git: { missing_lines: { path: string }[]; history: { is_complete: boolean } };
    };
    expect(plan.cost.states).toHaveLength(5);
    expect(plan.git.missing_lines.map(({ path }) => path)).toEqual([".gitignore", ".gitattributes"]);
    expect(await memwell("grown", "--cost")).toMatchObject({ exitCode: 2, stdout: "" });
  });

  it("says what a copy for each use would hold", async () => {
    const used = { MEMWELL_RESPONSE_MODEL: join(grown, "models/gguf/tutor-1.1b-Q8_0.gguf"), MEMWELL_DOMAINS: `law=${join(grown, "models/adapters/law/law-lora.gguf")}` }; // prettier-ignore
    const words = [resolve("dist/cli.js"), "audit", "grown", "--profiles"];
    const { stdout } = await execa(process.execPath, words, { cwd: folder, env: used });
    expect(stdout).toMatch(/^mobile +783\.0 MB +100\.0 MB +683\.0 MB in 2 /m);
    expect(stdout).toMatch(/^cloud +100\.0 MB +100\.0 MB +\d+\.\d\d GB in \d+ +\d+\.\d\d GB /m);
    expect(stdout).toContain("mobile, with the domains law");
    expect(stdout).toContain("the adapter of the domain law");
    const { stdout: json } = await execa(process.execPath, [...words, "--json"], { cwd: folder });
    expect((JSON.parse(json) as { profile: string }[]).map(({ profile }) => profile)).toEqual(["development", "mobile", "desktop", "cloud"]); // prettier-ignore
  });

  it("says which models the Hub has under the same sha256, when it is told to ask, and plans by it", async () => {
    const hub = await HubServer.start();
    const copy = join(folder, "copy");
    const weights = safetensorsHeader(300_000, "BF16", [{ name: "a.weight", shape: [8, 8] }]);
    const content = Buffer.concat([weights, Buffer.alloc(300_000, 7)]).subarray(0, 300_000);
    mkdirSync(copy);
    writeFileSync(join(copy, "model.safetensors"), content);
    writeFileSync(join(copy, "config.json"), configJson(SHAPES.tutor, "org/base"));
    writeFileSync(join(copy, "memwell-storage.json"), '{"external_from": 1000, "keep": {"used_within_days": 0}}');
    hub.createRepo("model", "org/base").commit({ "weights.safetensors": content });
    try {
      const asked = (...words: string[]) =>
        execa(process.execPath, [resolve("dist/cli.js"), "audit", "copy", ...words], {
          cwd: folder,
          env: { HF_ENDPOINT: hub.url, HF_HOME: folder },
        });
      expect((await asked()).stdout).not.toContain("on the Hub");
      expect(hub.requests).toHaveLength(0);
      expect((await asked("--check-hub")).stdout).toContain("of org/base, the same on the Hub in org/base");
      const { stdout } = await asked("--check-hub", "--plan");
      expect(stdout).toMatch(/^fetch-again .* org\/base on the Hub has the same bytes/m);
    } finally {
      await hub.close();
    }
  });

  it("asks the Hub only when it is told to, and not offline", async () => {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [resolve("dist/cli.js"), "audit", "grown", "--check-hub"],
      { cwd: folder, env: { HF_HUB_OFFLINE: "1" }, reject: false },
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("offline mode is on");
  });

  it("carries out a phase, tells it at the next audit, puts it back, and goes on after it was killed", async () => {
    const small = join(folder, "small");
    mkdirSync(join(small, "target"), { recursive: true });
    writeFileSync(join(small, "target/CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n");
    writeFileSync(join(small, "target/program"), "x".repeat(5000));
    mkdirSync(join(small, "empty"));
    const dry = await memwell("small", "--apply", "cleanup");
    expect(dry).toMatchObject({ exitCode: 0 });
    expect(dry.stdout).toContain("Nothing was done: --yes does it.");
    expect(readdirSync(small).sort()).toEqual(["empty", "target"]);
    const done = await memwell("small", "--apply", "cleanup", "--yes");
    expect(done.stdout).toMatch(/--undo \S+ puts it all back/);
    expect(readdirSync(small)).toEqual([".memwell-trash"]);
    expect((await memwell("small")).stderr).toContain("lie in the trash of");
    expect((await memwell("small", "--undo")).stdout).toContain("2 paths of");
    expect(readdirSync(small).sort()).toEqual(["empty", "target"]);

    // With each line of the journal that reaches the disk, one later each time.
    for (const count of [1, 2, 3]) {
      const kill = `import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module"; const sync = fs.fsyncSync; let left = ${count}; fs.fsyncSync = (file) => { sync(file); if (--left === 0) process.kill(process.pid, "SIGKILL"); }; syncBuiltinESMExports();`; // prettier-ignore
      const program = [`--import=data:text/javascript,${encodeURIComponent(kill)}`, resolve("dist/cli.js")];
      const killed = await execa(process.execPath, [...program, "audit", "small", "--apply", "cleanup", "--yes"], { cwd: folder, reject: false }); // prettier-ignore
      expect(killed.signal).toBe("SIGKILL");
      await memwell("small", "--resume");
      if (!existsSync(join(small, "empty"))) expect(await memwell("small", "--undo")).toMatchObject({ exitCode: 0 });
      expect(readdirSync(small).filter((name) => name !== ".memwell-trash").sort()).toEqual(["empty", "target"]); // prettier-ignore
    }
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
