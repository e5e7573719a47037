import type { TurnMessage } from "@/lib/wire";

/** What was said in a message, without thoughts and tools. */
export function textOf({ parts }: TurnMessage): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

/** What a model thought before and while it answered. */
export function thoughtOf({ parts }: TurnMessage): string {
  return parts
    .flatMap((part) => (part.type === "reasoning" && part.text.trim() !== "" ? [part.text.trim()] : []))
    .join("\n\n");
}
