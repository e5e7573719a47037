import { z } from "zod";

import type { ChatMessage } from "../engine";
import { isRecord } from "./paths";

const CONTENT = 'a text, or a list of {"type": "text", "text": "..."} parts';
const ROLES = "system, developer, user or assistant";
/** Roles and parts OpenAI knows and Memwell does not: named as unsupported instead of as a mistake. */
const OTHER_ROLES = ["tool", "function"];
const OTHER_PARTS = ["image_url", "input_audio", "file", "refusal"];

/** Content as one text; parts are joined by line breaks, as llama.cpp's and vLLM's servers join them. */
const content = z.unknown().transform((value, context): string => {
  if (typeof value === "string") return value;
  const issue = Array.isArray(value) ? firstBadPart(value) : { path: [], message: CONTENT };
  if (issue === null) return (value as { text: string }[]).map((part) => part.text).join("\n");
  context.issues.push({ code: "custom", input: value, ...issue });
  return z.NEVER;
});

interface PartIssue {
  path: (string | number)[];
  message: string;
  params?: { unsupported: true };
}

function firstBadPart(parts: unknown[]): PartIssue | null {
  const unsupported = { message: "unsupported", params: { unsupported: true as const } };
  for (const [index, part] of parts.entries()) {
    if (!isRecord(part)) return { path: [index], message: 'an object {"type": "text", "text": "..."}' };
    const { type, text, ...others } = part;
    if (OTHER_PARTS.includes(type as string)) return { path: [index, "type"], ...unsupported };
    if (type !== "text") return { path: [index, "type"], message: '"text"' };
    if (typeof text !== "string") return { path: [index, "text"], message: "a text" };
    const [other] = Object.keys(others);
    if (other !== undefined) return { path: [index, other], ...unsupported };
  }
  return null;
}

const roles = {
  system: z.strictObject({ role: z.literal("system"), content }),
  developer: z.strictObject({ role: z.literal("developer"), content }),
  user: z.strictObject({ role: z.literal("user"), content }),
  // An answer that was all thinking comes back from a client without content.
  assistant: z.strictObject({
    role: z.literal("assistant"),
    content: z.preprocess((value) => value ?? "", content),
    reasoning_content: z.string({ error: "a text" }).optional(),
  }),
};

/** One entry of OpenAI's `messages`, read as the engine takes it: `developer` is a `system` message. */
export const message = z
  .unknown()
  .superRefine((value, context) => {
    if (!isRecord(value)) {
      context.addIssue({ code: "custom", message: "an object with role and content" });
      return;
    }
    const { role } = value;
    if (typeof role === "string" && Object.hasOwn(roles, role)) return;
    const unsupported = OTHER_ROLES.includes(role as string);
    context.addIssue({
      code: "custom",
      message: ROLES,
      path: ["role"],
      ...(unsupported && { params: { unsupported } }),
    });
  })
  .pipe(z.unknown().transform(withoutNulls))
  .pipe(z.discriminatedUnion("role", [roles.system, roles.developer, roles.user, roles.assistant], { error: ROLES }))
  .transform((read): ChatMessage => {
    if (read.role === "developer") return { role: "system", content: read.content };
    if (read.role !== "assistant" || read.reasoning_content === undefined)
      return { role: read.role, content: read.content };
    return { role: "assistant", content: read.content, thought: read.reasoning_content };
  });

/** Null asks for nothing: Python clients send every field they do not use as null. */
export function withoutNulls(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}
