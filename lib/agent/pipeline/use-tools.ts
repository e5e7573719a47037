import { MemwellError, toMemwellError } from "../../errors";
import type { ChatMessage } from "../../engine";
import type { AgentEvent, AgentSlot } from "../contract";
import type { PromptForm, ToolText } from "../prompts";
import type { RegisteredTool, ToolRegistry } from "../tools";
import { findCalculations } from "../tools";
import { collectText } from "./collect-text";
import { throwIfStopped, type StepReport, type TurnSteps } from "./turn-steps";

/** JSON of a chart with two hundred points; what is longer is a model that does not end. */
const MOST_ARGUMENT_TOKENS = 1024;

/** A tool to be used in this turn, and what is known of its arguments. */
export interface ToolUse {
  tool: RegisteredTool;
  /** Undefined: the model writes them, under the tool's schema. */
  input?: unknown;
}

/** The calculations that the message itself names: arithmetic is never the model's guess. */
export function calculationsIn(message: string, tools: ToolRegistry): ToolUse[] {
  const tool = tools.toolNamed("calculator");
  return tool === null ? [] : findCalculations(message).map((expression) => ({ tool, input: { expression } }));
}

/**
 * Step 4 of a turn: the tools in turn. One that fails says so in the trace, and the turn goes on without it.
 *
 * @param given.shared what the reasoning model has evaluated of this turn; the request for arguments follows it.
 * @throws MemwellError `aborted`, and what ends the reasoning model
 */
export async function* useTools<Wait>(
  steps: TurnSteps<Wait>,
  given: { uses: readonly ToolUse[]; slot: AgentSlot | null; shared: readonly ChatMessage[]; form: PromptForm },
  signal: AbortSignal,
): AsyncGenerator<AgentEvent<Wait>, ToolText[], void> {
  const results: ToolText[] = [];
  for (const [index, use] of given.uses.entries()) {
    const { name } = use.tool;
    const result = yield* steps.run({ name: "tool", detail: name, role: null }, (report) =>
      useTool(`${name}-${index + 1}`, use, { ...given, report }, signal),
    );
    if (result !== null) results.push({ tool: name, text: result });
  }
  return results;
}

async function* useTool<Wait>(
  call: string,
  { tool, input }: ToolUse,
  given: { slot: AgentSlot | null; shared: readonly ChatMessage[]; form: PromptForm; report: StepReport },
  signal: AbortSignal,
): AsyncGenerator<AgentEvent<Wait>, string | null, void> {
  const { name } = tool;
  throwIfStopped(signal);
  try {
    const written = input ?? (await writeArguments(tool, given, signal));
    yield { type: "tool-call", call, tool: name, input: written };
    const { text, display } = await tool.prepare(written).run({ signal });
    yield { type: "tool-result", call, tool: name, text, display };
    return text;
  } catch (thrown) {
    const error = toMemwellError(thrown);
    if (error.code !== "tool_failed" && error.code !== "tool_arguments_invalid") throw error;
    yield { type: "tool-failed", call, tool: name, error: error.toRecord() };
    return null;
  }
}

/** The arguments as the reasoning model writes them under the tool's schema. */
async function writeArguments(
  tool: RegisteredTool,
  given: { slot: AgentSlot | null; shared: readonly ChatMessage[]; form: PromptForm; report: StepReport },
  signal: AbortSignal,
): Promise<unknown> {
  const { slot, shared, form, report } = given;
  if (slot === null) throw new MemwellError("tool_failed", `Nobody can say what ${tool.name} is to be given.`);
  report.slot = slot;
  const messages = [...shared, { role: "assistant" as const, content: `${tool.description[form]}\n${tool.name}: ` }];
  const written = await collectText(
    slot.generate(
      {
        prompt: { messages, staticMessages: 1 },
        jsonSchema: tool.jsonSchema,
        maxTokens: MOST_ARGUMENT_TOKENS,
        sampling: { temperature: 0 },
      },
      { signal },
    ),
    report,
  );
  try {
    return JSON.parse(written) as unknown;
  } catch (cause) {
    throw new MemwellError(
      "tool_arguments_invalid",
      `The model wrote no whole JSON for ${tool.name}. Ask again, with the figures in the message.`,
      { tool: tool.name },
      { cause },
    );
  }
}
