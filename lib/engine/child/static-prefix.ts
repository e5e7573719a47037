import type { Token } from "node-llama-cpp";
import type { ChatMessage, Prompt } from "../contract";
import type { Host } from "./host";
import { renderPrompt } from "./prompt";

/** Beginnings whose probes are kept for each model. */
const MOST_RENDERED = 16;
const rendered = new WeakMap<Host, Map<string, Token[][]>>();

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
  const lengths = probesAfter(host, contextName, fixed).map((probe) => {
    const different = probe.findIndex((token, index) => token !== tokens[index]);
    return different === -1 ? probe.length : different;
  });
  return Math.min(...lengths, tokens.length - 1);
}

/** Rendered once for each beginning: instructions are long, and come with every message. */
function probesAfter(host: Host, contextName: string | undefined, fixed: ChatMessage[]): Token[][] {
  const known = rendered.get(host) ?? new Map<string, Token[][]>();
  rendered.set(host, known);
  const key = JSON.stringify([contextName, fixed]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const probes = renderProbes(host, contextName, fixed);
  const [oldest] = known.keys();
  if (known.size >= MOST_RENDERED && oldest !== undefined) known.delete(oldest);
  known.set(key, probes);
  return probes;
}

function renderProbes(host: Host, contextName: string | undefined, fixed: ChatMessage[]): Token[][] {
  try {
    return PROBES.map((content) => {
      const messages = [...fixed, { role: "user" as const, content }];
      return renderPrompt(host, contextName, { messages }).tokens;
    });
  } catch {
    // A template may refuse a user's message here, or find it too long: then nothing is known to be the same.
    return [[]];
  }
}
