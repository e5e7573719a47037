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

/** What was said in the newest answer that says anything; null when none does. */
export function lastAnswerOf(messages: readonly TurnMessage[]): string | null {
  const answers = messages.flatMap((message) => (message.role === "assistant" ? [textOf(message)] : []));
  return answers.findLast((text) => text.trim() !== "") ?? null;
}
