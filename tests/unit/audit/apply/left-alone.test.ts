import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chmodSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from "node:fs"; // prettier-ignore
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applyPlan, auditFolder, listTrash, undoApply } from "../../../../lib/audit";
import { noise, scratch, write } from "../support";
import { hasTrash, listing, planOf, planWith, stepsOf } from "./support";

const { fresh } = scratch();

/** What is said of each step, after something has happened between plan and apply. */
async function reasonsAfter(folder: string, paths: string[], happens: () => unknown): Promise<(string | null)[]> {
  const plan = await planWith(
    folder,
    paths.map((path) => ({ paths: [path] })),
  );
  await happens();
  const before = listing(folder);
  const result = await applyPlan(plan);
  if (stepsOf(result).every(({ outcome }) => outcome === "left-alone")) expect(listing(folder)).toEqual(before);
  return stepsOf(result).map(({ reason }) => reason?.replaceAll(`${folder}/`, "") ?? null);
}

describe("what is left alone, and said", () => {
  it("a file that changed since the plan: its bytes, its time put back, its mode, its name", async () => {
    const folder = fresh();
    for (const name of ["bytes", "time", "mode", "name", "same"]) write(folder, name, "12345");
    const reasons = await reasonsAfter(folder, ["bytes", "time", "mode", "name", "same"], () => {
      appendFileSync(join(folder, "bytes"), "6");
      writeFileSync(join(folder, "time"), "54321");
      utimesSync(join(folder, "time"), 1e9, 1e9);
      chmodSync(join(folder, "mode"), 0o600);
      renameSync(join(folder, "name"), join(folder, "other"));
      renameSync(join(folder, "other"), join(folder, "name"));
    });
    expect(reasons.slice(0, 4)).toEqual(
      ["bytes", "time", "mode", "name"].map((name) => `${name} has changed since the plan was made`),
    );
    expect(reasons[4]).toBeNull();
  });

  it("a folder that something was added to, taken from, or changed in, however deep", async () => {
    const folder = fresh();
    for (const name of ["added", "taken", "changed", "same"]) write(folder, `${name}/deep/file`, "12345");
    const reasons = await reasonsAfter(folder, ["added", "taken", "changed", "same"], () => {
      writeFileSync(join(folder, "added/deep/new"), "");
      unlinkSync(join(folder, "taken/deep/file"));
      writeFileSync(join(folder, "changed/deep/file"), "54321");
    });
    expect(reasons).toEqual([
      "something was added to added/deep or taken from it since the plan was made",
      "something was added to taken/deep or taken from it since the plan was made",
      "changed/deep/file has changed since the plan was made",
      null,
    ]);
  });

  it("what is not there any more, and what another thing stands in the place of", async () => {
    const folder = fresh();
    write(folder, "gone", "1");
    write(folder, "folder/file", "1");
    const outside = fresh();
    write(outside, "file", "precious");
    const reasons = await reasonsAfter(folder, ["gone", "folder/file"], () => {
      unlinkSync(join(folder, "gone"));
      rmSync(join(folder, "folder"), { recursive: true });
      symlinkSync(outside, join(folder, "folder"));
    });
    expect(reasons).toEqual([
      "gone is not there any more",
      "folder/file: folder is a link or a file, where there was a folder",
    ]);
    expect(readdirSync(outside)).toEqual(["file"]);
  });

  it("what a program has open", async () => {
    const folder = fresh();
    write(folder, "target/log", "1");
    write(folder, "free", "1");
    const program = `require("fs").openSync(${JSON.stringify(join(folder, "target/log"))}); console.log("open"); process.stdin.resume()`;
    const child = spawn(process.execPath, ["-e", program], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      await once(child.stdout, "data");
      const reasons = await reasonsAfter(folder, ["target", "free"], () => undefined);
      expect(reasons[0]).toMatch(/^target\/log is open in \S+.* \(process \d+\)$/);
      expect(reasons[1]).toBeNull();
    } finally {
      child.kill();
    }
  });

  it("git's own, a repository in what goes, the trash, and what a plan names outside of the folder", async () => {
    const folder = fresh();
    for (const name of [".git/objects/x", "bare/HEAD", "bare/objects/x", "bare/refs/x", "target/src/.git/HEAD"])
      write(folder, name, "1");
    const paths = [".git/objects/x", "bare/objects/x", "target", "../other", "/etc/passwd", "a/../../b", "."];
    const reasons = await reasonsAfter(folder, paths, () => undefined);
    expect(reasons.slice(0, 3)).toEqual([
      ".git/objects/x: it is git's own",
      "bare/objects/x: it is git's own",
      "a git repository stands in it: target/src/.git",
    ]);
    expect(reasons.slice(3)).toEqual(paths.slice(3).map((path) => `${path} does not lie in the folder`));
  });

  it("a model in several files wholly, when one of them cannot go", async () => {
    const folder = fresh();
    for (const name of ["one", "two", "three"]) write(folder, name, name);
    const plan = await planWith(folder, [{ paths: ["one", "two", "three"] }]);
    appendFileSync(join(folder, "three"), "!");
    const result = await applyPlan(plan);
    expect(stepsOf(result)).toMatchObject([{ outcome: "left-alone", achieved: { apparent_size: 0 } }]);
    expect(result.id).toBeNull();
    expect(hasTrash(folder)).toBe(false);
  });

  it("what changes in the last moment: it is back in its place, and so is what went with it", async () => {
    const folder = fresh();
    for (const name of ["one", "two"]) write(folder, name, name);
    const before = listing(folder);
    const plan = await planWith(folder, [{ paths: ["one", "two"] }]);
    let isDone = false;
    const result = await applyPlan(plan, {
      onChange: ({ action, path }) => {
        if (action !== "rename" || !path.endsWith("/2") || isDone) return;
        isDone = true;
        appendFileSync(join(folder, "two"), "!");
      },
    });
    expect(stepsOf(result)).toMatchObject([{ outcome: "left-alone" }]);
    expect(readdirSync(folder).sort()).toEqual([".memwell-trash", "one", "two"]);
    const after = listing(folder, { rootTime: false });
    expect(after.one).toEqual(before.one);
    expect(listTrash(folder).entries).toMatchObject([{ state: "whole", steps: [] }]);
  });
});

describe("links", () => {
  it("takes the place of a copy, symbolic or hard, and undo brings the copy back", async () => {
    for (const kind of ["symbolic", "hard"] as const) {
      const folder = fresh();
      const bytes = noise(200_000, 1);
      write(folder, "a/first", bytes);
      write(folder, "b/deep/second", bytes);
      const before = listing(folder);
      const result = await applyPlan(await planOf(folder, JSON.stringify({ links: kind })));
      expect(stepsOf(result).map(({ action, outcome }) => [action, outcome])).toEqual([["link", "done"]]);
      expect(result.achieved).toEqual(result.expected);
      const { total, nb_links: links, hard_links: hard } = await auditFolder(folder);
      expect({ links, names: hard.nb_names }).toEqual(
        kind === "hard" ? { links: 0, names: 1 } : { links: 1, names: 0 },
      );
      expect(total.apparent_size).toBe(400_000 - result.achieved.apparent_size);
      expect((await undoApply(folder)).kept).toEqual([]);
      expect(listing(folder)).toEqual(before);
    }
  }, 60_000);

  it("in circles, out of the folder and broken ones go and come back as they are; what they lead to stays", async () => {
    const folder = fresh();
    const outside = fresh();
    write(outside, "precious", "1");
    mkdirSync(join(folder, "target"));
    symlinkSync(outside, join(folder, "target/out"));
    symlinkSync("..", join(folder, "target/circle"));
    symlinkSync("nowhere", join(folder, "target/broken"));
    linkSync(join(outside, "precious"), join(folder, "target/shared"));
    const before = listing(folder);
    const result = await applyPlan(await planWith(folder, [{ paths: ["target"] }]));
    expect(result.achieved).toMatchObject({ size_on_disk: 0 });
    expect((await undoApply(folder)).kept).toEqual([]);
    expect(listing(folder)).toEqual(before);
    expect(readdirSync(outside)).toEqual(["precious"]);
  });
});
