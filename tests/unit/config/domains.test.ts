import { describe, expect, it } from "vitest";
import { absolutePaths, loadConfig } from "../../../lib/config";
import type { MemwellError } from "../../../lib/errors";

const domainsOf = (text: string) => loadConfig({ MEMWELL_DOMAINS: text }, "/start").domains;

/** What is said to be allowed. */
function refusalOf(text: string): string {
  try {
    domainsOf(text);
  } catch (thrown) {
    const { code, fields } = thrown as MemwellError;
    expect(code).toBe("invalid_setting");
    const [setting] = fields["settings"] as { name: string; value: string; allowed: string }[];
    expect(setting).toMatchObject({ name: "MEMWELL_DOMAINS", value: text });
    return setting?.allowed ?? "";
  }
  throw new Error(`"${text}" was taken`);
}

describe("MEMWELL_DOMAINS", () => {
  it("names adapters in the forms of the other models, in their order", () => {
    expect(domainsOf(" education=lora/tutor.gguf, business-2=hf:org/repo/b.gguf@v1,")).toEqual([
      { name: "education", adapter: { type: "path", path: "/start/lora/tutor.gguf" } },
      {
        name: "business-2",
        adapter: { type: "hub", repo: "org/repo", file: "b.gguf", quant: null, revision: "v1" },
      },
    ]);
  });

  it("is empty when it is not set, or says nothing", () => {
    expect(loadConfig({}).domains).toEqual([]);
    expect(domainsOf(" , ")).toEqual([]);
  });

  it("a path may hold an equals sign", () => {
    expect(domainsOf("a=/x=y.gguf")).toEqual([{ name: "a", adapter: { type: "path", path: "/x=y.gguf" } }]);
  });

  it.each([
    ["education", "NAME=ADAPTER"],
    ["education=", "NAME=ADAPTER"],
    ["a=x.gguf,b=hf:no-repo", "NAME=ADAPTER"],
    ["a=https://example.org/x.gguf", "NAME=ADAPTER"],
    ["Education=x.gguf", "names of 1 to 32 small letters"],
    ["2nd=x.gguf", "names of 1 to 32 small letters"],
    [`${"a".repeat(33)}=x.gguf`, "names of 1 to 32 small letters"],
    ["=x.gguf", "names of 1 to 32 small letters"],
    ["none=x.gguf", "names other than none, auto, general"],
    ["auto=x.gguf", "names other than none, auto, general"],
    ["general=x.gguf", "names other than none, auto, general"],
    ["a=x.gguf,a=y.gguf", "each name once"],
  ])("%s is refused with what is allowed, and the entry that is not", (text, allowed) => {
    const refusal = refusalOf(text);
    expect(refusal).toContain(allowed);
    expect(refusal).toContain(`the entry "${text.split(",").at(-1)}" is not`);
  });

  it("sixteen are taken, and a seventeenth is not", () => {
    const listed = (count: number) => Array.from({ length: count }, (_, index) => `d${index}=x.gguf`).join(",");
    expect(domainsOf(listed(16))).toHaveLength(16);
    expect(refusalOf(listed(17))).toContain('up to 16 domains; the entry "d16=x.gguf" is not');
  });

  it("keeps its meaning for a process in another folder", () => {
    const environment = { MEMWELL_DOMAINS: "a=lora.gguf, b=hf:org/repo,c=/there.gguf" };
    expect(absolutePaths(environment, "/start")["MEMWELL_DOMAINS"]).toBe(
      "a=/start/lora.gguf,b=hf:org/repo,c=/there.gguf",
    );
  });
});
