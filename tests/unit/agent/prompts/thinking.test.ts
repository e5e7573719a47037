import { describe, expect, it } from "vitest";
import { buildDecisionPrompts, type Decision } from "../../../../lib/agent/decisions";
import {
  buildThinkingPrompts,
  chooseThinking,
  initialState,
  libraryNamed,
  LIBRARIES,
  switchesOf,
  THINKING_SWITCHES,
  withSwitches,
  type PromptSwitch,
} from "../../../../lib/agent/prompts";
import { conversation, everyState, render, turnOf } from "./helpers";

const tutor = libraryNamed("tutor");
const plain = libraryNamed("plain");
const turn = turnOf("How do I solve 2x = 4?", conversation(2));
const decisions: Decision[] = [
  { id: "chart", answer: "no", probability: 0.9, source: "model", reason: null, switches: [] },
  { id: "teaching", answer: "guide", probability: 0.8, source: "model", reason: null, switches: ["GUIDING_TEACHING"] },
];

describe("the notes that the tutor's reasoning model is asked for", () => {
  it.each<[PromptSwitch[], string[]]>([
    [[], []],
    [["GENERAL_FORMATTING", "VAGUE_INPUT", "USER_UNDERSTANDING"], []],
    [["LATEX_FORMATTING"], ["MATH_THINKING"]],
    [["STRUCTURE_PRACTICE_QUESTIONS"], ["QUESTION_ANSWER_DESIGN"]],
    [["TOOL_USE_ENHANCEMENT"], ["REASONING_THINKING"]],
    [["PRACTICE_QUESTION_FOLLOWUP"], ["REASONING_THINKING"]],
    [["GUIDING_TEACHING"], ["REASONING_THINKING"]],
    [["LATEX_FORMATTING", "STRUCTURE_PRACTICE_QUESTIONS", "GUIDING_TEACHING"], [...THINKING_SWITCHES]],
  ])("with %j: %j", (switches, thinking) => {
    const state = chooseThinking(tutor, withSwitches(initialState(), ...switches), turn);
    expect(switchesOf(state).filter((name) => !switches.includes(name))).toEqual(thinking);
  });

  it("are none for a greeting, and the plain assistant's for everything else", () => {
    const formatted = withSwitches(initialState(), "GENERAL_FORMATTING");
    expect(chooseThinking(plain, formatted, turnOf("hello")).REASONING_THINKING).toBe(false);
    expect(chooseThinking(plain, formatted, turn).REASONING_THINKING).toBe(true);
  });

  it("are one prompt for each kind that is switched on, in every one of 2,048 states", () => {
    for (const library of LIBRARIES) {
      for (const state of everyState()) {
        const prompts = buildThinkingPrompts(library, "compact", {
          state,
          turn,
          decisions: [],
          withHistory: true,
          toolResults: [],
        });
        const wanted = Object.values(library.thinking).flatMap((kind) =>
          kind !== null && state[kind.thinkingSwitch] ? [kind.id] : [],
        );
        expect(prompts.map(({ kind }) => kind)).toEqual(wanted);
      }
    }
  });
});

describe.each(["full", "compact"] as const)("thinking prompts in the %s form", (form) => {
  const state = withSwitches(initialState(), ...THINKING_SWITCHES);
  const toolResults = [{ tool: "calculator", text: "4 / 2 = 2" }];
  const prompts = buildThinkingPrompts(tutor, form, { state, turn, decisions, withHistory: true, toolResults });

  it("are the same up to the words that ask for one kind", () => {
    expect(prompts).toHaveLength(3);
    for (const { kind, messages, maxThoughtTokens } of prompts) {
      expect(messages.slice(0, -1)).toEqual(prompts[0]?.messages.slice(0, -1));
      expect(messages.at(-1)?.content).toBe(`Tool result: 4 / 2 = 2\n${tutor.thinking[kind]?.cue[form]}`);
      expect(maxThoughtTokens).toBe(tutor.thinking[kind]?.maxThoughtTokens[form]);
    }
  });

  it("begin with what the decisions were asked with, and then tell what was decided for", () => {
    const { shared, staticMessages, questions } = buildDecisionPrompts(tutor, form, turn);
    for (const prompt of prompts) {
      expect(render(prompt.messages).startsWith(render(shared))).toBe(true);
      expect(render(questions[0]?.messages ?? []).startsWith(render(shared))).toBe(true);
      expect(prompt.messages[2]).toEqual({ role: "assistant", content: "teaching: guide" });
      expect(prompt.staticMessages).toBe(staticMessages);
    }
  });

  it("say that the model is ready where nothing was decided for", () => {
    const given = { state, turn, decisions: decisions.slice(0, 1), withHistory: true, toolResults: [] };
    expect(buildThinkingPrompts(tutor, form, given)[0]?.messages[2]?.content).toBe("ready");
  });

  it("let user and assistant speak in turn", () => {
    for (const { messages } of prompts)
      expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
  });
});
