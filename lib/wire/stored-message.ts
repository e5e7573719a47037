import type { ErrorRecord } from "../errors";
import { readExtra } from "./stored-message-extra";
import { partsOfEnd, partsOfSteps } from "./stored-message-parts";
import type { UiStreamEnd } from "./ui-stream";
import type { TurnMessage } from "./ui-stream-types";

/** A message of a conversation; the store's `StoredMessage` fits. */
export interface KeptMessage {
  id: string;
  parentId: string | null;
  role: "system" | "user" | "assistant";
  text: string;
  /** Any JSON. */
  extra: unknown;
  /** In ms since 1970. */
  createdAt: number;
}

/** The run that has filled a message; the store's `Run` fits. */
export interface KeptRun {
  id: string;
  assistantMessage: string;
  /** In ms since 1970. */
  beganAt: number;
  /** Null while it goes on. */
  outcome: UiStreamEnd["outcome"] | null;
  error: ErrorRecord | null;
}

/**
 * A message that was kept, as the message that a reader of its run's stream has made of it: the same parts, in the order of
 * the turn's steps. One that is being written has none yet: its stream brings them all.
 *
 * What is not right in `extra` is left out: an imported conversation may hold anything there. Never throws.
 *
 * @param run undefined for a message that no run has filled here, such as one that was imported: it has no metadata then
 */
export function storedMessage(message: KeptMessage, conversation: string, run?: KeptRun): TurnMessage {
  const { id, role, text, parentId } = message;
  if (role !== "assistant") return { id, role, parts: [{ type: "text", text }] };
  const metadata =
    run === undefined
      ? {}
      : { metadata: { run: run.id, conversation, userMessage: parentId ?? "", beganAt: run.beganAt } };
  if (run?.outcome === null) return { id, role, ...metadata, parts: [] };
  const kept = readExtra(message.extra);
  const extra = { ...kept, error: run?.error ?? kept.error };
  return {
    id,
    role,
    ...metadata,
    parts: [
      { type: "step-start" },
      ...partsOfSteps(extra, run?.id ?? id),
      ...(text === "" ? [] : [{ type: "text" as const, text, state: "done" as const }]),
      ...partsOfEnd(extra, run?.outcome ?? extra.outcome),
    ],
  };
}
