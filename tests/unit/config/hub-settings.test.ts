import { describe, expect, it } from "vitest";
import { absolutePaths, loadConfig } from "../../../lib/config";

const read = (environment: Record<string, string>) => loadConfig({ HOME: "/home/me", ...environment }, "/start").hub;

describe("the HF_* settings, as huggingface_hub reads them", () => {
  it.each([
    [{ HF_HUB_CACHE: "/a", HUGGINGFACE_HUB_CACHE: "/b", HF_HOME: "/c", XDG_CACHE_HOME: "/d" }, "/a"],
    [{ HUGGINGFACE_HUB_CACHE: "/b", HF_HOME: "/c", XDG_CACHE_HOME: "/d" }, "/b"],
    [{ HF_HOME: "/c", XDG_CACHE_HOME: "/d" }, "/c/hub"],
    [{ XDG_CACHE_HOME: "/d" }, "/d/huggingface/hub"],
    [{}, "/home/me/.cache/huggingface/hub"],
    [{ HF_HUB_CACHE: "" }, "/home/me/.cache/huggingface/hub"],
    [{ HF_HOME: "~/hf" }, "/home/me/hf/hub"],
    [{ HF_HUB_CACHE: "$DISK/${NAME}/$NOT_SET", DISK: "/disk", NAME: "models" }, "/disk/models/$NOT_SET"],
    [{ HF_HOME: "here" }, "/start/here/hub"],
  ])("%j: the cache is %s", (environment, cacheDir) => {
    expect(read(environment as Record<string, string>).cacheDir).toBe(cacheDir);
  });

  it("finds what lies beside the cache in the same home", () => {
    expect(read({ HF_HOME: "/hf" })).toMatchObject({
      xetDir: "/hf/xet",
      assetsDir: "/hf/assets",
      tokenPath: "/hf/token",
    });
    expect(read({ HF_XET_CACHE: "/x", HF_ASSETS_CACHE: "/y", HF_TOKEN_PATH: "/z" })).toMatchObject({
      xetDir: "/x",
      assetsDir: "/y",
      tokenPath: "/z",
    });
  });

  it.each([
    [{ HF_TOKEN: "hf_a", HUGGING_FACE_HUB_TOKEN: "hf_b" }, "hf_a"],
    [{ HUGGING_FACE_HUB_TOKEN: " hf_b\n" }, "hf_b"],
    [{ HF_TOKEN: " \n" }, null],
    [{}, null],
  ])("%j: the token is %s", (environment, token) => {
    expect(read(environment as Record<string, string>).token).toBe(token);
  });

  it.each([
    [{ HF_HUB_OFFLINE: "1" }, true],
    [{ HF_HUB_OFFLINE: "yes" }, true],
    [{ TRANSFORMERS_OFFLINE: "True" }, true],
    [{ HF_HUB_OFFLINE: "0", TRANSFORMERS_OFFLINE: "1" }, false],
    [{ HF_HUB_OFFLINE: "" }, false],
    [{ HF_HUB_OFFLINE: "2" }, false],
  ])("%j: offline is %s", (environment, offline) => {
    expect(read(environment as Record<string, string>).offline).toBe(offline);
  });

  it("takes the slash off the endpoint", () => {
    expect(read({ HF_ENDPOINT: "http://127.0.0.1:8080//" }).endpoint).toBe("http://127.0.0.1:8080");
  });

  it("a server that works in another folder finds the same cache", () => {
    const environment = { HOME: "/home/me", HF_HOME: "here", HF_TOKEN_PATH: "~/token", XDG_CACHE_HOME: "$HOME/x" };
    const moved = absolutePaths(environment, "/start");
    expect(loadConfig(moved, "/elsewhere").hub).toEqual(loadConfig(environment, "/start").hub);
  });
});

describe("the settings of the cache", () => {
  it("reads pins, the grace period and the disk budget", () => {
    const config = loadConfig({
      MEMWELL_CACHE_PIN: "org/repo, gpt2@refs/pr/1,,",
      MEMWELL_CACHE_GRACE: "0",
      MEMWELL_DISK_BUDGET: "30GB",
    });
    expect(config).toMatchObject({ cachePins: ["org/repo", "gpt2@refs/pr/1"], cacheGraceMs: 0, diskBudget: 30e9 });
  });
});
