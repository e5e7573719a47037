import type { Token } from "node-llama-cpp";
import type { Prompt } from "../contract";
import type { Host } from "./host";
import { renderPrompt } from "./prompt";

/** Two beginnings of a message that have no token in common. */
const PROBES = ["a", "7"];

/**
 * How many of the prompt's first tokens are the same whatever follows its static messages; 0 when it has none. Found by
 * showing the template two other messages instead: where a template puts instructions is its own affair.
 */
export function staticPrefixLength(
  host: Host,
  contextName: string | undefined,
  prompt: Prompt,
  tokens: readonly Token[],
): number {
  if (!("messages" in prompt) || !prompt.staticMessages) return 0;
  const fixed = prompt.messages.slice(0, prompt.staticMessages);
  if (fixed.length === 0 || fixed.length === prompt.messages.length) return 0;
  const lengths = PROBES.map((content) => {
    const messages = [...fixed, { role: "user" as const, content }];
    const probe = renderPrompt(host, contextName, { messages }).tokens;
    const different = probe.findIndex((token, index) => token !== tokens[index]);
    return different === -1 ? probe.length : different;
  });
  return Math.min(...lengths, tokens.length - 1);
}
