import { isRecord, type Path } from "./paths";
import { parameterRefusal, valueRefusal } from "./refusals";

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const MOST_PARTS = 1_000;
const PARTS = `a list of 1 to ${MOST_PARTS} parts {"type": "text", "text": "..."}`;

/** Of a user's message; `metadata` is the page's own. */
const MESSAGE_FIELDS = new Set(["id", "role", "parts", "metadata"]);
const PART_FIELDS = new Set(["type", "text", "state", "providerMetadata"]);

/** What a visitor said, as far as the agent reads it. */
export interface SentMessage {
  /** Undefined: one is to be made. */
  id: string | undefined;
  text: string;
}

/**
 * An id as the store takes it: 1 to 64 letters, digits, `_` and `-`.
 *
 * @throws MemwellError `invalid_request`
 */
export function readId(value: unknown, path: Path): string {
  if (typeof value === "string" && ID.test(value)) return value;
  throw valueRefusal(path, value, "an id of 1 to 64 letters, digits, _ and -");
}

/**
 * The user's message among an AI SDK chat's; its text parts are joined by line breaks, as those of a chat completion are.
 *
 * @throws MemwellError `unsupported_parameter` for a part that is no text, or a field nobody reads; `invalid_request`
 */
export function readSentMessage(value: unknown, path: Path): SentMessage {
  if (!isRecord(value)) throw valueRefusal(path, value, "a message with role and parts");
  const { id, role, parts } = value;
  if (role !== "user") throw valueRefusal([...path, "role"], role, '"user": the last message is the one to answer');
  refuseOthers(value, MESSAGE_FIELDS, path);
  const isList = Array.isArray(parts) && parts.length > 0 && parts.length <= MOST_PARTS;
  if (!isList) throw valueRefusal([...path, "parts"], parts, PARTS);
  return {
    id: id === undefined || id === null ? undefined : readId(id, [...path, "id"]),
    text: parts.map((part, index) => readTextPart(part, [...path, "parts", index])).join("\n"),
  };
}

function readTextPart(part: unknown, path: Path): string {
  if (!isRecord(part)) throw valueRefusal(path, part, 'an object {"type": "text", "text": "..."}');
  const { type, text } = part;
  if (type !== "text") {
    const typePath = [...path, "type"];
    throw typeof type === "string" ? parameterRefusal(typePath, type) : valueRefusal(typePath, type, '"text"');
  }
  if (typeof text !== "string") throw valueRefusal([...path, "text"], text, "a text");
  refuseOthers(part, PART_FIELDS, path);
  return text;
}

/** Null asks for nothing, whatever it is called. */
function refuseOthers(value: Record<string, unknown>, known: ReadonlySet<string>, path: Path): void {
  for (const [name, field] of Object.entries(value))
    if (field !== null && !known.has(name)) throw parameterRefusal([...path, name], field);
}
