import type { DynamicToolUIPart } from "ai";

import { CalculationCard, type RenderMath } from "./CalculationCard";
import { ChartFigure } from "./ChartFigure";
import { clip } from "./chart-words";
import { isRecord, isText } from "./fields";
import { Problem } from "./Problem";

interface ToolCardProps {
  part: DynamicToolUIPart;
  /** Whether the answer is still on its way: a tool that has not answered by its end will not. */
  isLive: boolean;
  /** See `CalculationCard`. */
  renderMath?: RenderMath;
}

/** A tool's name, and what it does, in words. */
const TOOLS: Readonly<Record<string, { name: string; running: string }>> = {
  calculator: { name: "The calculator", running: "Calculating" },
  create_graph: { name: "The chart", running: "Preparing a chart" },
};
const MOST_TEXT = 20_000;

/** A call of a tool: that it runs, what came of it, or by name what failed. */
export function ToolCard({ part, isLive, renderMath }: ToolCardProps) {
  const { name, running } = toolWords(part.toolName);
  switch (part.state) {
    case "output-available":
      return <ToolResult output={part.output} name={name} renderMath={renderMath} />;
    case "output-error":
      return (
        <Problem>
          {name} failed: {part.errorText}
        </Problem>
      );
    case "output-denied":
      return <Problem>{name} was not allowed to run.</Problem>;
    default: {
      if (!isLive) return <Problem>{name} did not finish. Ask again.</Problem>;
      const input = inputWords(part.input);
      return (
        <p className="flex items-center gap-2 rounded-box border border-line bg-raised px-3 py-2 text-sm text-quiet">
          <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-accent motion-safe:animate-pulse" />
          <span className="min-w-0 wrap-anywhere">
            {running}
            {input !== "" && <span className="font-mono text-[0.9em]"> {input}</span>}
          </span>
        </p>
      );
    }
  }
}

function ToolResult({
  output,
  name,
  renderMath,
}: {
  output: unknown;
  name: string;
  renderMath: RenderMath | undefined;
}) {
  if (!isRecord(output) || !isText(output.text, MOST_TEXT))
    return <Problem>{name} answered with something that cannot be shown. Ask again.</Problem>;
  const { text, display } = output;
  const kind = isRecord(display) ? display.kind : null;
  if (kind === "chart") return <ChartFigure chart={display} />;
  if (kind === "calculation")
    return <CalculationCard display={display} text={text} {...(renderMath !== undefined && { renderMath })} />;
  return (
    <div className="rounded-box border border-line bg-surface px-3 py-2 text-sm">
      <p className="text-xs text-quiet">{name}</p>
      <p className="max-h-64 overflow-y-auto wrap-anywhere whitespace-pre-wrap">{text}</p>
    </div>
  );
}

function toolWords(toolName: string): { name: string; running: string } {
  if (Object.hasOwn(TOOLS, toolName)) return TOOLS[toolName] as { name: string; running: string };
  const name = `The tool ${clip(toolName, 60)}`;
  return { name, running: `${name} works` };
}

function inputWords(input: unknown): string {
  const { expression, title } = isRecord(input) ? input : {};
  const told = expression ?? title;
  return typeof told === "string" ? clip(told, 120) : "";
}
