import { describe, expect, it } from "vitest";
import { initialState, PROMPT_SWITCHES, switchesOf, withSwitches } from "../../../../lib/agent/prompts";
import { applyRules } from "../../../../lib/agent/message";
import { everyState } from "./helpers";

describe("the prompt state", () => {
  it("has eleven switches, all off when a turn begins", () => {
    expect(PROMPT_SWITCHES).toHaveLength(11);
    expect(Object.keys(initialState()).sort()).toEqual([...PROMPT_SWITCHES].sort());
    expect(switchesOf(initialState())).toEqual([]);
  });

  it("is another one with more switches on, and the first stays as it was", () => {
    const state = withSwitches(initialState(), "VAGUE_INPUT", "VAGUE_INPUT");
    expect(switchesOf(withSwitches(state, "MATH_THINKING"))).toEqual(["MATH_THINKING", "VAGUE_INPUT"]);
    expect(switchesOf(state)).toEqual(["VAGUE_INPUT"]);
    expect(switchesOf(initialState())).toEqual([]);
  });

  it("takes 2,048 values", () => {
    expect(new Set(everyState().map((state) => switchesOf(state).join())).size).toBe(2048);
  });
});

describe("the rules", () => {
  it.each([
    ["hello", ["GENERAL_FORMATTING"]],
    ["", ["GENERAL_FORMATTING"]],
    ["Why did Rome fall?", ["GENERAL_FORMATTING"]],
    ["What is 2+2?", ["GENERAL_FORMATTING", "LATEX_FORMATTING"]],
    ["explain derivatives", ["GENERAL_FORMATTING", "LATEX_FORMATTING"]],
  ])("for %j turn on %j", (message, switches) => {
    expect(switchesOf(applyRules(initialState(), message))).toEqual(switches);
  });

  it("leave on what is on", () => {
    expect(applyRules(withSwitches(initialState(), "VAGUE_INPUT"), "hello").VAGUE_INPUT).toBe(true);
  });
});
