import type { AgentEvent, AgentParts, AgentRole, AgentSlot } from "../contract";
import type { TurnSteps } from "./turn-steps";

/**
 * Waits for a model as a step of its own: what it waits for is part of the turn's time. A reader who leaves before the slot
 * is handed over, at the step's end too, gives it back.
 */
export async function* leaseSlot<Wait>(
  steps: TurnSteps<Wait>,
  { acquireSlot }: Pick<AgentParts<Wait>, "acquireSlot">,
  role: AgentRole,
  signal: AbortSignal,
  domain?: string,
): AsyncGenerator<AgentEvent<Wait>, AgentSlot, void> {
  const heard: Wait[] = [];
  let wake = (): void => {};
  let acquiring: Promise<AgentSlot> | null = null;
  let isTaken = false;
  try {
    const slot = yield* steps.run({ name: "slot", detail: role, role }, async function* (report) {
      let isSettled = false;
      acquiring = acquireSlot(role, {
        signal,
        domain,
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
      while (!isSettled) {
        const wait = heard.pop();
        if (wait !== undefined) yield { type: "wait", role, wait };
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      const granted = await acquiring;
      report.slot = granted;
      report.swappedOut = granted.swappedOut;
      report.replaced = granted.replaced ?? null;
      report.standsIn = granted.standsIn ?? null;
      return granted;
    });
    isTaken = true;
    return slot;
  } finally {
    // The grant may come after its reader has left.
    if (!isTaken) void giveBack(acquiring);
  }
}

async function giveBack(acquiring: Promise<AgentSlot> | null): Promise<void> {
  const slot = await acquiring?.catch(() => null);
  slot?.release();
}
