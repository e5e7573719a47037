import { randomUUID } from "node:crypto";
import { z } from "zod";
import { invalid, tooLarge } from "./conversations-checks";
import type { ConversationLimits, ConversationTree } from "./conversations-contract";
import { checkMessage, type CheckedMessage } from "./messages";

const FORMAT = "memwell.conversation";
const VERSION = 1;
const LAST_TIME = 8.64e15;

/** What `export` gives: plain JSON. Times are in ms since the epoch; a parent stands before its children. */
export interface ExportedConversation {
  format: typeof FORMAT;
  version: typeof VERSION;
  title: string;
  created_at: number;
  updated_at: number;
  /** The last message of the branch that is shown. */
  active: string | null;
  messages: {
    id: string;
    parent_id: string | null;
    role: "system" | "user" | "assistant";
    text: string;
    extra: unknown;
    created_at: number;
  }[];
}

const Time = z.number().int().min(0).max(LAST_TIME);
const Id = z.string().min(1).max(200);
const Exported = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  title: z.string(),
  created_at: Time,
  active: Id.nullable(),
  messages: z.array(
    z.object({
      id: Id,
      parent_id: Id.nullable(),
      role: z.enum(["system", "user", "assistant"]),
      text: z.string(),
      extra: z.unknown().optional(),
      created_at: Time,
    }),
  ),
});

/** An import that may be stored: its messages in the order to add them, with ids of their own. */
export interface ReadImport {
  title: string;
  createdAt: number;
  /** The last message of the branch to show; null for the newest. */
  active: string | null;
  messages: ReadMessage[];
}

export type ReadMessage = CheckedMessage & { created_at: number };

export function exported(tree: ConversationTree): ExportedConversation {
  return {
    format: FORMAT,
    version: VERSION,
    title: tree.title,
    created_at: tree.createdAt,
    updated_at: tree.updatedAt,
    active: tree.activeLeaf,
    messages: tree.messages.map(({ id, parentId, role, text, extra, createdAt }) => {
      return { id, parent_id: parentId, role, text, extra, created_at: createdAt };
    }),
  };
}

/**
 * @param now in ms since the epoch; nothing imported was written later
 * @throws MemwellError `invalid_request` with what is wrong where, `request_too_large`
 */
export function readImport(value: unknown, limits: ConversationLimits, now: number): ReadImport {
  checkCount(value, limits);
  const parsed = Exported.safeParse(value);
  if (!parsed.success) throw notAnExport(parsed.error);
  const { title, created_at, active, messages } = parsed.data;
  if (title.length > limits.titleLength) throw tooLarge("title", title.length, limits.titleLength);
  const ids = new Map<string, string>();
  const read: ReadImport["messages"] = [];
  let length = 0;
  for (const { id, parent_id, role, text, extra, created_at } of messages) {
    // A parent must have been read before: no message can be its own ancestor.
    const parentId = parent_id === null ? null : renewed(ids, parent_id);
    if (ids.has(id)) throw invalid("messages", "Two messages have the same id. Give each its own.");
    const message = checkMessage({ parentId, role, text, extra, id: randomUUID() }, limits);
    ids.set(id, message.id);
    length += text.length + (message.extra?.length ?? 0);
    if (length > limits.importLength) throw tooLarge("import", length, limits.importLength);
    read.push({ ...message, created_at: Math.min(created_at, now) });
  }
  const leaf = active === null ? null : renewed(ids, active);
  return { title, createdAt: Math.min(created_at, now), active: leaf, messages: read };
}

/** Before anything is made of a million messages. */
function checkCount(value: unknown, { messagesPerConversation }: ConversationLimits): void {
  if (typeof value !== "object" || value === null || !("messages" in value) || !Array.isArray(value.messages)) return;
  const count = value.messages.length;
  if (count > messagesPerConversation) throw tooLarge("conversation", count, messagesPerConversation);
}

function renewed(ids: ReadonlyMap<string, string>, id: string): string {
  const own = ids.get(id);
  if (own === undefined)
    throw invalid("messages", "A message is named that does not stand before. Put each below its parent.");
  return own;
}

function notAnExport({ issues: [first] }: z.ZodError): Error {
  const where = first === undefined || first.path.length === 0 ? "the file" : first.path.join(".");
  return invalid("import", `This is no exported conversation: ${where} is wrong. Import what Memwell exported.`);
}
