import { readId, readSentMessage, type SentMessage } from "./chat-call-message";
import { readSettings, SETTING_FIELDS, type ChatSettings } from "./chat-call-settings";
import { withoutNulls } from "./messages";
import { isRecord } from "./paths";
import { parameterRefusal, valueRefusal } from "./refusals";

/** One message of a conversation that the server keeps, and how it is to be answered. */
export interface ChatCall {
  conversation: string;
  message: SentMessage;
  /** The message that it follows; null: it is the first; undefined: the conversation's newest one. */
  parent: string | null | undefined;
  /** The message has an answer, and another one is wanted. */
  regenerate: boolean;
  settings: ChatSettings;
}

const MOST_MESSAGES = 10_000;
const FIELDS = new Set(["id", "messages", "message", "parentId", "trigger", "messageId", ...SETTING_FIELDS]);
const TRIGGERS = ["submit-message", "regenerate-message"];

/**
 * Reads the body of `POST /api/chat`: what the AI SDK's `DefaultChatTransport` sends (`id`, `messages`, `trigger`,
 * `messageId`; https://ai-sdk.dev/docs/ai-sdk-ui/transport), or the short form `id`, `message`, `parentId`, whose message
 * may be a plain text. The server keeps the conversation: of `messages` only the last is read, and the id of the one before.
 * A field that is null counts as not given, but for `parentId`.
 *
 * @param body any parsed JSON value
 * @throws MemwellError `unsupported_parameter` for what Memwell does not do, `invalid_request` for a bad value; each names
 *   the place in `fields.parameter`
 */
export function parseChatCall(body: unknown): ChatCall {
  if (!isRecord(body)) throw valueRefusal([], body, "a JSON object with id and messages");
  const given = withoutNulls(body) as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) if (!FIELDS.has(name)) throw parameterRefusal([name], value);
  const { id, trigger, messageId } = given;
  const conversation = readId(id, ["id"]);
  if (trigger !== undefined && !TRIGGERS.includes(trigger as string))
    throw valueRefusal(["trigger"], trigger, TRIGGERS.join(" or "));
  const regenerate = trigger === "regenerate-message";
  const { message, parent } = given.messages === undefined ? readShort(given, body) : readLong(given);
  const named = messageId === undefined ? undefined : readId(messageId, ["messageId"]);
  const settings = readSettings(given);
  if (regenerate || named === undefined) return { conversation, message, parent, regenerate, settings };
  if (named !== message.id) throw valueRefusal(["messageId"], named, "the id of the last message, which was changed");
  // A changed message is another branch, and the one it was keeps its id.
  return { conversation, message: { ...message, id: undefined }, parent, regenerate, settings };
}

function readLong(given: Record<string, unknown>): Pick<ChatCall, "message" | "parent"> {
  const { messages } = given;
  for (const name of ["message", "parentId"])
    if (given[name] !== undefined) throw valueRefusal([name], given[name], "nothing together with messages");
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > MOST_MESSAGES)
    throw valueRefusal(["messages"], messages, `a list of 1 to ${MOST_MESSAGES} messages`);
  const last = messages.length - 1;
  const message = readSentMessage(messages[last], ["messages", last]);
  if (last === 0) return { message, parent: null };
  const before: unknown = messages[last - 1];
  const path = ["messages", last - 1];
  if (!isRecord(before)) throw valueRefusal(path, before, "a message with an id");
  return { message, parent: readId(before.id, [...path, "id"]) };
}

function readShort(
  given: Record<string, unknown>,
  body: Record<string, unknown>,
): Pick<ChatCall, "message" | "parent"> {
  const { message } = given;
  if (message === undefined) throw valueRefusal(["messages"], message, "a list of messages, or a message instead");
  const { parentId } = body;
  return {
    message: typeof message === "string" ? { id: undefined, text: message } : readSentMessage(message, ["message"]),
    parent: parentId === undefined || parentId === null ? parentId : readId(parentId, ["parentId"]),
  };
}
