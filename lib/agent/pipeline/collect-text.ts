import { MemwellError } from "../../errors";
import type { GenerateEvent } from "../../engine";
import type { StepReport } from "./turn-steps";

/**
 * The whole text of a generation.
 *
 * @throws MemwellError what it failed with; `aborted` when it was stopped
 */
export async function collectText(
  events: AsyncGenerator<GenerateEvent, void, void>,
  report: StepReport,
): Promise<string> {
  let text = "";
  for await (const event of events) {
    if (event.type === "text") text += event.text;
    if (event.type === "failed") throw MemwellError.fromRecord(event.error);
    if (event.type !== "done") continue;
    report.add(event.usage, event.prefillMs, event.decodeMs);
    if (event.finishReason === "aborted") throw new MemwellError("aborted", "The turn was stopped.");
  }
  return text;
}
