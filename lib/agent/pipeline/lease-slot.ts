import type { AgentEvent, AgentParts, AgentRole, AgentSlot } from "../contract";
import type { TurnSteps } from "./turn-steps";

/** Waits for a model as a step of its own: what it waits for is part of the turn's time. */
export function leaseSlot<Wait>(
  steps: TurnSteps<Wait>,
  { acquireSlot }: Pick<AgentParts<Wait>, "acquireSlot">,
  role: AgentRole,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent<Wait>, AgentSlot, void> {
  return steps.run({ name: "slot", detail: role, role }, async function* (report) {
    const heard: Wait[] = [];
    let wake = (): void => {};
    let isSettled = false;
    const acquiring = acquireSlot(role, {
      signal,
      onWait: (wait) => {
        // Only the newest counts: whoever reads slowly wants to know how it stands, not how it stood.
        heard[0] = wait;
        wake();
      },
    });
    const settle = (): void => {
      isSettled = true;
      wake();
    };
    acquiring.then(settle, settle);
    let isTaken = false;
    try {
      while (!isSettled) {
        const wait = heard.pop();
        if (wait !== undefined) yield { type: "wait", role, wait };
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      const slot = await acquiring;
      isTaken = true;
      report.slot = slot;
      return slot;
    } finally {
      // The grant may come after its reader has left.
      if (!isTaken) {
        acquiring.then(
          (slot) => slot.release(),
          () => {},
        );
      }
    }
  });
}
