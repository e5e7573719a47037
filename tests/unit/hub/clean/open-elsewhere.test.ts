import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync, mkdirSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { planRemove } from "../../../../lib/hub";
import { openFiles, openRepos } from "../../../../lib/hub/open-files";
import { commit, RepoBuilder, scratchFolder } from "../helpers";
import { cleaned, planned } from "./support";

const MAIN = commit("aaaaaaa1");
const scratch = realpathSync(scratchFolder());
let caches = 0;

/**
 * A program of somebody else: `shell` runs in a process that is no child of this one, with the file as `$1`, and says
 * "ready" once it has the file.
 *
 * @returns what ends it
 */
async function runElsewhere(shell: string, file: string): Promise<() => Promise<void>> {
  const child = spawn("/bin/sh", ["-c", `${shell}; true`, "sh", file], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const end = async (): Promise<void> => {
    child.stdin.end();
    await exited;
  };
  onTestFinished(end);
  const ended = exited.then(() => {
    throw new Error("the program ended before it had the file");
  });
  await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
  return end;
}

const WAIT = "echo ready; read -r line";
const HOLD = `exec 3<"$1"; /bin/sh -c "${WAIT}"`;
/** A program's own file is mapped, and open in no process. */
const RUN = `"$1" -c "${WAIT}"`;

function cacheWithTwo(): { cache: string; blob: string } {
  const cache = join(scratch, `hub-${(caches += 1)}`);
  mkdirSync(cache);
  const repo = new RepoBuilder(cache, "models--org--used").revision(MAIN, { "model.gguf": 1000 }).ref("main", MAIN);
  new RepoBuilder(cache, "models--org--other").revision(MAIN, { "model.gguf": 100 }).ref("main", MAIN);
  return { cache, blob: realpathSync(join(repo.path, "snapshots", MAIN, "model.gguf")) };
}

const both = ["org/used", "org/other"];

describe.skipIf(process.platform !== "linux")("a file that a program of somebody else has open", () => {
  it("is warned of in the plan, stays with its repository, and goes once it is closed", async () => {
    const { cache, blob } = cacheWithTwo();
    const close = await runElsewhere(HOLD, blob);
    expect(openFiles(0).get(blob)).toEqual({ name: "sh", pid: expect.any(Number) });
    expect(openRepos(cache)).toMatchObject([{ repo_type: "model", repo_id: "org/used", holder: { name: "sh" } }]);

    const plan = await planned(cache, (view) => planRemove(view, both));
    expect(plan.warnings).toEqual([
      expect.stringMatching(/blobs\/\w+ is in use by sh \(process \d+\), and stays as long as it is$/),
    ]);
    const { kept, removed, freed_size } = await cleaned(cache, (view) => planRemove(view, both));
    expect(removed.map(({ repo_id }) => repo_id)).toEqual(["org/other"]);
    expect(kept).toMatchObject([{ item: { repo_id: "org/used" }, reason: expect.stringMatching(/in use by sh/) }]);
    expect(freed_size).toBe(100);
    expect(existsSync(blob)).toBe(true);

    await close();
    expect(openFiles(0).has(blob)).toBe(false);
    expect((await planned(cache, (view) => planRemove(view, ["org/used"]))).warnings).toEqual([]);
    expect(await cleaned(cache, (view) => planRemove(view, ["org/used"]))).toMatchObject({
      freed_size: 1000,
      kept: [],
    });
  });

  it("counts as well when it is only mapped, and for a single file of a repository", async () => {
    const { cache, blob } = cacheWithTwo();
    copyFileSync(realpathSync("/bin/sh"), blob);
    chmodSync(blob, 0o755);
    await runElsewhere(RUN, blob);
    expect(openFiles(0).get(blob)?.name).toBe(basename(blob).slice(0, 15));
    const { kept } = await cleaned(cache, (view) => planRemove(view, ["org/used/model.gguf"]));
    expect(kept).toMatchObject([{ reason: expect.stringMatching(/is in use by/) }]);
    expect(existsSync(blob)).toBe(true);
  });
});
