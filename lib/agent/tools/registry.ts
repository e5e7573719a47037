import type { AgentTool } from "./contract";

/**
 * A tool whose arguments are not known to whoever holds it: `parse` and `run` in one step, so that the arguments of one
 * tool cannot be given to another.
 */
export interface RegisteredTool extends Pick<AgentTool<unknown>, "name" | "description" | "jsonSchema"> {
  /** Reads what a model wrote; the call is then run. Throws `tool_arguments_invalid`. */
  prepare(written: unknown): PreparedCall;
  /** See `AgentTool.warm`; what fails then fails again in the call, which says so. */
  warm(): void;
}

export interface PreparedCall {
  run: (options?: { signal?: AbortSignal }) => ReturnType<AgentTool<unknown>["run"]>;
}

export interface ToolRegistry {
  readonly list: readonly RegisteredTool[];
  /** Null when there is none of that name. */
  toolNamed(name: string): RegisteredTool | null;
}

/** Any tool as an entry of a registry. */
export function register<Arguments>(tool: AgentTool<Arguments>): RegisteredTool {
  const { name, description, jsonSchema } = tool;
  return {
    name,
    description,
    jsonSchema,
    prepare(written) {
      const toolArguments = tool.parse(written);
      return { run: (options = {}) => tool.run(toolArguments, options) };
    },
    warm: () => void tool.warm?.().catch(() => {}),
  };
}

/** The tools of an agent, which may be none. Throws a RangeError when two have one name: that is a bug. */
export function createToolRegistry(tools: readonly RegisteredTool[]): ToolRegistry {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  if (byName.size !== tools.length) throw new RangeError("Two tools have one name");
  return { list: tools, toolNamed: (name) => byName.get(name) ?? null };
}
