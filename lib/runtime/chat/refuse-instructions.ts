import { MemwellError } from "../../errors";
import type { ChatCall } from "./contract";

/** @throws MemwellError `admin_only` when the call brings a system prompt of its own */
export function refuseInstructions({ settings }: ChatCall): void {
  if (settings.instructions === undefined) return;
  throw new MemwellError(
    "admin_only",
    "In this chat nobody may tell the agent a system prompt of their own. Leave instructions out; the owner allows them with MEMWELL_SYSTEM_PROMPT=allow.",
    { parameter: "instructions" },
  );
}
