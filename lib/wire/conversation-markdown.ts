import { activeBranch, type KeptConversation } from "./conversation";
import { readExtra } from "./stored-message-extra";
import type { KeptMessage } from "./stored-message";

const SPEAKERS: Record<KeptMessage["role"], string> = { system: "System", user: "User", assistant: "Assistant" };

/**
 * The branch of a conversation that is shown, as Markdown: its title, and each message below a heading that says who said
 * it and when (UTC), its text as it is. What tools have found is a line each; thoughts are left out.
 */
export function conversationMarkdown(conversation: KeptConversation): string {
  const title = onOneLine(conversation.title);
  const sections = activeBranch(conversation).flatMap(sectionsOf);
  return `${[...(title === "" ? [] : [`# ${title}`]), ...sections].join("\n\n")}\n`;
}

function sectionsOf({ role, createdAt, text, extra }: KeptMessage): string[] {
  const heading = `## ${SPEAKERS[role]}, ${timeOf(createdAt)}`;
  const tools = role === "assistant" ? readExtra(extra).tools : [];
  const found = tools.flatMap((tool) => {
    const said = tool.error?.message ?? tool.text;
    return said === null ? [] : [`- ${onOneLine(tool.tool)}: ${onOneLine(said)}`];
  });
  return [heading, ...(found.length === 0 ? [] : [found.join("\n")]), ...(text === "" ? [] : [text])];
}

/** To the second; an imported message may name any time that a date can have. */
function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().replace("T", " ").slice(0, -5)} UTC`;
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
