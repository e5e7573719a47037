import { describe, expect, it } from "vitest";
import { createGraph, createToolRegistry, register, type AgentTool } from "../../../../lib/agent/tools";

const echo: AgentTool<string> = {
  name: "echo",
  description: { full: "Says it again.", compact: "Echo." },
  jsonSchema: { type: "string" },
  parse: (written) => String(written),
  run: async (said) => ({ text: said, display: null }),
};

describe("the registry of tools", () => {
  it("finds a tool by its name, and a third is one entry more", async () => {
    const registry = createToolRegistry([register(createGraph), register(echo)]);
    expect(registry.list.map(({ name }) => name)).toEqual(["create_graph", "echo"]);
    expect(await registry.toolNamed("echo")?.prepare(5).run()).toEqual({ text: "5", display: null });
  });

  it("knows no tool that it was not given", () => {
    const registry = createToolRegistry([register(echo)]);
    expect(registry.toolNamed("constructor")).toBeNull();
    expect(createToolRegistry([]).list).toEqual([]);
  });

  it("refuses two tools of one name", () => {
    expect(() => createToolRegistry([register(echo), register(echo)])).toThrow(RangeError);
  });

  it("refuses bad arguments before it runs", () => {
    const tool = createToolRegistry([register(createGraph)]).toolNamed("create_graph");
    expect(() => tool?.prepare({})).toThrow(expect.objectContaining({ code: "tool_arguments_invalid" }));
  });
});
