import { toMemwellError } from "../../errors";
import type { AgentEvent, AgentSlot } from "../contract";
import { decideByRule, readDecision, type Decision, type DecisionPrompts, type DecisionQuestion } from "../decisions";
import type { Turn } from "../message";
import { throwIfStopped, type TurnSteps } from "./turn-steps";

/** What the model may be too small, or the message too long, for: the rule then decides, as when the model is unsure. */
const FOR_THE_RULE = new Set(["context_length_exceeded"]);

/**
 * Step 3 of a turn: each open question is scored by the reasoning model, a few tokens each after what they share.
 *
 * @param given.decisions each decision is added to it as it is made: those made before a failure are not made again.
 * @throws MemwellError when the model is gone, `aborted`
 */
export async function* decide<Wait>(
  steps: TurnSteps<Wait>,
  given: {
    slot: AgentSlot;
    questions: readonly DecisionQuestion[];
    prompts: DecisionPrompts;
    turn: Turn;
    decisions: Decision[];
  },
  signal: AbortSignal,
): AsyncGenerator<AgentEvent<Wait>, void, void> {
  const { slot, questions, prompts, turn, decisions } = given;
  decisions.push(...prompts.known);
  for (const decision of prompts.known) yield { type: "decision", decision };
  for (const { id, messages, answers } of prompts.questions) {
    const question = questions.find((candidate) => candidate.id === id);
    if (question === undefined) continue;
    const decision = yield* steps.run({ name: "decision", detail: id, role: "reasoning" }, async function* (report) {
      throwIfStopped(signal);
      report.slot = slot;
      const prompt = { messages, staticMessages: prompts.staticMessages };
      const startedAt = performance.now();
      const made = await slot.score({ prompt, answers }, { signal }).then(
        (scored) => {
          report.add(scored.usage, performance.now() - startedAt, 0);
          return readDecision(question, scored.answers, turn);
        },
        (thrown: unknown) => {
          const error = toMemwellError(thrown);
          if (FOR_THE_RULE.has(error.code)) return decideByRule(question, turn, error.message);
          throw error;
        },
      );
      yield { type: "decision", decision: made };
      return made;
    });
    decisions.push(decision);
  }
}

/** The questions that are still open, as the rules answer them. */
export function decideRest(
  questions: readonly DecisionQuestion[],
  decided: readonly Decision[],
  turn: Turn,
  reason: string,
): Decision[] {
  const open = questions.filter(({ id }) => decided.every((decision) => decision.id !== id));
  return open.map((question) => decideByRule(question, turn, reason));
}
