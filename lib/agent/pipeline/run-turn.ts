import { toMemwellError } from "../../errors";
import type { AgentEvent, AgentParts, AgentSlot, TurnRequest, TurnResult } from "../contract";
import { applyDecisions, buildDecisionPrompts, chosenDomain, questionsOf, type Decision } from "../decisions";
import { applyRules, checkMessage, parsePracticeQuestion, type Turn } from "../message";
import { AnswerStream } from "../post-process";
import {
  buildResponsePrompt,
  buildThinkingPrompts,
  chooseForm,
  chooseThinking,
  initialState,
  switchesOf,
  type PromptState,
  type ResponsePrompt,
  type ThinkingText,
  type ToolText,
} from "../prompts";
import { decide, decideRest } from "./decide";
import { leaseSlot } from "./lease-slot";
import { respond } from "./respond";
import { think } from "./think";
import { throwIfStopped, TurnSteps } from "./turn-steps";
import { calculationsIn, useTools, type ToolUse } from "./use-tools";

/** What the answer is written from. */
interface Plan {
  state: PromptState;
  decisions: Decision[];
  toolResults: ToolText[];
  thinking: ThinkingText[];
}

/**
 * One turn: rules, decisions, tools, thinking, response. Everything for the reasoning model is done before the response
 * model is asked for, and its slot is released before, so that a turn costs one swap at most. Never throws; whoever stops
 * reading ends it.
 */
export async function* runTurn<Wait>(
  parts: AgentParts<Wait>,
  request: TurnRequest,
  { signal }: { signal: AbortSignal },
): AsyncGenerator<AgentEvent<Wait>, void, void> {
  const steps = new TurnSteps<Wait>();
  const answer = new AnswerStream();
  try {
    const turn: Turn = { message: checkMessage(request.message), history: request.history };
    const ruled = yield* steps.run({ name: "rules", detail: null, role: null }, async function* () {
      return applyRules(initialState(), turn.message);
    });
    const { maxThoughtTokens: maxTokens, sampling, domain, domains = [] } = request;
    const given = { turn, state: ruled, maxTokens, seed: sampling?.seed, domains: domain === undefined ? domains : [] };
    const plan = yield* makePlan(steps, parts, given, signal);
    const result = yield* writeAnswer(steps, parts, { turn, plan, request, answer }, signal);
    yield { type: "done", ...result };
  } catch (thrown) {
    const error = toMemwellError(thrown);
    // What was held back until then is said, whole and balanced.
    const last = answer.end(error.code === "aborted" ? "aborted" : "length");
    if (last !== "") yield { type: "text", text: last };
    yield { type: "failed", error: error.toRecord(), text: answer.text };
  }
}

/**
 * Everything the reasoning model has a part in. Without it the rules decide, and nothing is thought about: the trace says
 * so, and the answer comes all the same. What was made before the model was gone is kept, and nothing is made twice.
 *
 * @throws MemwellError `aborted`
 */
async function* makePlan<Wait>(
  steps: TurnSteps<Wait>,
  parts: AgentParts<Wait>,
  given: {
    turn: Turn;
    state: PromptState;
    maxTokens: number | undefined;
    seed: number | undefined;
    /** Those to choose one of; none where nothing is to be chosen. */
    domains: readonly string[];
  },
  signal: AbortSignal,
): AsyncGenerator<AgentEvent<Wait>, Plan, void> {
  const { turn, state, domains } = given;
  const { library, tools } = parts;
  const questions = questionsOf(library, domains);
  const plan: Plan = { state, decisions: [], toolResults: [], thinking: [] };
  let calculations = calculationsIn(turn.message, tools);
  // Starting meanwhile costs the turn nothing: the model is waited for, and asked, first.
  for (const { tool } of calculations) tool.warm();
  // A greeting, for one, leaves nothing to ask: the reasoning model need not be loaded for it.
  const preview = buildDecisionPrompts(library, "compact", turn, { domains });
  const ruled = applyDecisions(state, preview.known);
  const thinks = given.maxTokens !== 0 && thinksAbout(parts, ruled, turn);
  const isNeeded = preview.questions.length > 0 || thinks || chartIn(ruled, tools).length > 0;
  let slot: AgentSlot | null = null;
  try {
    if (isNeeded) slot = yield* leaseSlot(steps, parts, "reasoning", signal);
    const form = slot === null ? "compact" : chooseForm(slot.model);
    const prompts = buildDecisionPrompts(library, form, turn, { domains });
    if (slot === null) {
      plan.decisions = prompts.known;
      for (const decision of prompts.known) yield { type: "decision", decision };
    } else {
      const { decisions } = plan;
      yield* decide(steps, { slot, questions, prompts, turn, decisions }, signal);
    }
    plan.state = applyDecisions(state, plan.decisions);
    const { shared } = prompts;
    plan.toolResults.push(...(yield* useTools(steps, { uses: calculations, slot, shared, form }, signal)));
    calculations = [];
    const charts = chartIn(plan.state, tools);
    plan.toolResults.push(...(yield* useTools(steps, { uses: charts, slot, shared, form }, signal)));
    plan.state = chooseThinking(library, plan.state, turn);
    if (slot === null) return plan;
    const { decisions, toolResults } = plan;
    const { withHistory } = prompts;
    const thoughts = buildThinkingPrompts(library, form, {
      ...given,
      state: plan.state,
      decisions,
      withHistory,
      toolResults,
    });
    yield* think(steps, { ...given, slot, prompts: thoughts, notes: plan.thinking }, signal);
    return plan;
  } catch (thrown) {
    const error = toMemwellError(thrown);
    if (error.code === "aborted") throw error;
    throwIfStopped(signal);
    const known = preview.known.filter(({ id }) => plan.decisions.every((made) => made.id !== id));
    const made = [...plan.decisions, ...known];
    const rest = decideRest(questions, made, turn, error.message);
    for (const decision of [...known, ...rest]) yield { type: "decision", decision };
    const decisions = [...made, ...rest];
    // Those that no tool was asked for yet.
    const uses = calculations;
    const results = yield* useTools(steps, { uses, slot: null, shared: [], form: "compact" }, signal);
    const toolResults = [...plan.toolResults, ...results];
    return { ...plan, decisions, toolResults, state: applyDecisions(plan.state, decisions) };
  } finally {
    slot?.release();
  }
}

function thinksAbout<Wait>({ library }: AgentParts<Wait>, state: PromptState, turn: Turn): boolean {
  const thinking = chooseThinking(library, state, turn);
  return thinking.MATH_THINKING || thinking.QUESTION_ANSWER_DESIGN || thinking.REASONING_THINKING;
}

function chartIn(state: PromptState, tools: AgentParts<unknown>["tools"]): ToolUse[] {
  const tool = state.TOOL_USE_ENHANCEMENT ? tools.toolNamed("create_graph") : null;
  return tool === null ? [] : [{ tool }];
}

/** @throws MemwellError whatever keeps the response model from answering: no other model answers in its place. */
async function* writeAnswer<Wait>(
  steps: TurnSteps<Wait>,
  parts: AgentParts<Wait>,
  given: { turn: Turn; plan: Plan; request: TurnRequest; answer: AnswerStream },
  signal: AbortSignal,
): AsyncGenerator<AgentEvent<Wait>, TurnResult, void> {
  const { turn, plan, request, answer } = given;
  const domain = request.domain ?? chosenDomain(plan.decisions) ?? undefined;
  const slot = yield* leaseSlot(steps, parts, "response", signal, domain);
  try {
    const { contextSize } = slot.model;
    const countTokens = (messages: Parameters<AgentSlot["countTokens"]>[0]): Promise<number> =>
      slot.countTokens(messages, { signal });
    const buildPrompt = (): Promise<ResponsePrompt> =>
      buildResponsePrompt(
        parts.library,
        chooseForm(slot.model),
        { ...plan, turn, instructions: request.instructions },
        { contextSize, countTokens },
      );
    const { finishReason, prompt } = yield* respond(steps, { slot, buildPrompt, request, answer }, signal);
    // Of one that was cut off, options may be missing.
    const practice = finishReason === "stop" ? parsePracticeQuestion(answer.text) : null;
    return {
      finishReason,
      text: answer.text,
      sent: prompt.messages.at(-1)?.content ?? turn.message,
      switches: switchesOf(plan.state),
      decisions: plan.decisions,
      omittedTurns: prompt.omitted.turns,
      ...(practice !== null && { practice }),
    };
  } finally {
    slot.release();
  }
}
