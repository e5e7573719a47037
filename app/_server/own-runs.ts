import type { Runtime } from "@/lib/runtime";

import { sessionOf, type Session } from "./session";

/** Whose call it is, where that matters to some of an answer only; null for a page of another site. */
export function visitorOf(request: Request, { config }: Pick<Runtime, "config">): Session | null {
  try {
    return sessionOf(request, config.dataDir);
  } catch {
    return null;
  }
}

/**
 * Which of these runs are turns of the caller's own conversations. What others have asked is not told, not to the
 * administrator either.
 *
 * @param runs null: a step that no run has caused
 */
export async function ownRunsOf(
  visitor: Session | null,
  { chat }: Pick<Runtime, "chat">,
  runs: readonly (string | null)[],
): Promise<string[]> {
  const ids = [...new Set(runs.filter((run) => run !== null))];
  // Who has never said anything has no conversation.
  if (ids.length === 0 || visitor === null || visitor.knownBy === "nothing") return [];
  return chat.own(visitor.id, ids);
}
