import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Config } from "../../../lib/config";
import type { ModelDescription } from "../../../lib/runtime/contract";
import { repoUses } from "../../../lib/runtime/repo-use";

const hub = { cacheDir: "/cache/hub" } as Config["hub"];

function model(given: Partial<ModelDescription>): ModelDescription {
  const nothing = { adapterPath: null, fileBytes: null, download: null, info: null, residentBytes: null };
  return {
    ...nothing,
    id: "tutor",
    roles: ["response"],
    source: "hub",
    path: "hf:org/tutor:Q4_K_M",
    state: "stopped",
    pinned: false,
    lastError: null,
    builtIn: null,
    standIns: [],
    ...given,
  };
}
const usesOf = (given: Partial<ModelDescription>) => repoUses({ hub }, [model(given)]);

describe("what of the cache is in use", () => {
  it.each(["starting", "ready", "stopping"] as const)("a model of the Hub that is %s", (state) =>
    expect(usesOf({ state })).toEqual([{ repo: "model/org/tutor", model: "tutor", use: "loaded", process: null }]),
  );

  it.each(["stopped", "closed"] as const)("nothing of one that is %s", (state) =>
    expect(usesOf({ state })).toEqual([]),
  );

  it("what is being downloaded", () => {
    const download = { type: "resolving" } as unknown as NonNullable<ModelDescription["download"]>;
    expect(usesOf({ download })).toMatchObject([{ use: "downloading" }]);
  });

  it("a file that lies in the cache, and an adapter, but no file elsewhere", () => {
    const path = join(hub.cacheDir, "models--org--base", "snapshots", "abc", "base.gguf");
    const repos = usesOf({ state: "ready", source: "file", path, adapterPath: "hf:org/lora" }).map(({ repo }) => repo);
    expect(repos).toEqual(["model/org/base", "model/org/lora"]);
    expect(usesOf({ state: "ready", source: "file", path: "/models/base.gguf" })).toEqual([]);
  });
});
