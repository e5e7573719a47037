import { folded, jsonText } from "./conversations-checks";
import { queries, type TypedDatabase } from "./kysely";
import { fillMessage, requireMessage, shownMessage } from "./messages";
import type { RunRow } from "./run-rows";
import type { AnswerSoFar, RunLimits } from "./runs-contract";

/** Fills the message of an interrupted run with what was said, cut at the limit. */
export function keepWhatWasSaid(
  database: TypedDatabase,
  run: Pick<RunRow, "key" | "conversation_id" | "assistant_message_id">,
  answerSoFar: AnswerSoFar,
  limits: RunLimits,
  now: number,
): void {
  const before = shownMessage(requireMessage(database, run.conversation_id, run.assistant_message_id));
  const filling = fillingOf(() => answerSoFar(allEvents(database, run.key), before), limits);
  if (filling !== null) fillMessage(database, run.conversation_id, run.assistant_message_id, filling, now);
}

function fillingOf(answerSoFar: () => ReturnType<AnswerSoFar>, limits: RunLimits) {
  try {
    const answer = answerSoFar();
    if (answer === null) return null;
    const text = answer.text.slice(0, limits.messageLength);
    return { text, text_folded: folded(text), extra: jsonText("extra", answer.extra, limits.extraLength) };
  } catch {
    // One answer that cannot be put together must not keep the other runs from being ended. Its events are there.
    return null;
  }
}

function* allEvents(database: TypedDatabase, run: number): Generator<unknown> {
  const rows = queries.selectFrom("run_events").select("event").where("run_key", "=", run).orderBy("sequence");
  for (const { event } of database.each(rows)) yield JSON.parse(event);
}
