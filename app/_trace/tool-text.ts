import type { ToolPart } from "./trace";

const LONGEST = 20_000;

/** What a tool was given, as JSON in lines. */
export function inputText({ input }: Pick<ToolPart, "input">): string {
  const text = JSON.stringify(input, null, 2) as string | undefined;
  return shortened(text ?? "Nothing was told.");
}

/** What came of a call, as the model was told it. */
export function outputText(part: ToolPart, isLive: boolean): string {
  if (part.state === "output-error") return shortened(`Failed: ${part.errorText}`);
  if (part.state !== "output-available") return isLive ? "It has not answered yet." : "It did not answer.";
  const { output } = part;
  const text: unknown = typeof output === "object" && output !== null && "text" in output ? output.text : null;
  return typeof text === "string" ? shortened(text) : inputText({ input: output });
}

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
