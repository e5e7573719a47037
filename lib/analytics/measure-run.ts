import { createHash } from "node:crypto";
import type { AgentEvent, FinishedStep } from "../agent";
import type { EndedRun, RunFigures } from "../store";
import { TurnMeter } from "./measure-turn";

/** The figures of a chat run, from its events; from what was kept with its answer once those were trimmed. Never throws. */
export function measureRun(run: EndedRun): RunFigures {
  const meter = new TurnMeter();
  try {
    for (const event of eventsOf(run)) meter.see(event);
  } catch {
    // Of a version that wrote otherwise: what was understood counts, and that there was a turn.
  }
  const { outcome: _, errorCode, ...figures } = meter.figures();
  return {
    ...figures,
    run: run.id,
    source: "chat",
    conversation: run.conversation,
    message: run.message,
    visitor: visitorOf(run.session),
    beganAt: run.beganAt,
    outcome: run.outcome,
    errorCode: run.outcome === "failed" ? (run.errorCode ?? errorCode) : null,
    durationMs: run.outcome === "interrupted" ? null : Math.max(0, run.finishedAt - run.beganAt),
    loadMs: figures.waitMs === null ? null : run.loadMs,
  };
}

/** One and the same for a visitor, and no way back to the session, which is what he is known by. */
function visitorOf(session: string): string {
  return createHash("sha256").update(`visitor ${session}`).digest("base64url").slice(0, 16);
}

function* eventsOf({ events, extra }: EndedRun): Generator<AgentEvent<unknown>, void, void> {
  let any = false;
  for (const event of events) {
    any = true;
    yield event as AgentEvent<unknown>;
  }
  if (!any) yield* eventsIn(extra);
}

/** What is kept with an answer says the same in other words. */
function* eventsIn(extra: unknown): Generator<AgentEvent<unknown>, void, void> {
  if (typeof extra !== "object" || extra === null) return;
  const { steps, decisions, switches, finish_reason: finishReason } = extra as Record<string, unknown>;
  for (const step of listOf<FinishedStep>(steps)) yield { type: "step-end", ...step };
  for (const decision of listOf<never>(decisions)) yield { type: "decision", decision };
  if (finishReason === null || finishReason === undefined) return;
  yield { type: "done", finishReason, switches: listOf(switches) } as unknown as AgentEvent<unknown>;
}

function listOf<Item>(value: unknown): Item[] {
  return Array.isArray(value) ? (value as Item[]) : [];
}
