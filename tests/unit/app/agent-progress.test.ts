import { describe, expect, it } from "vitest";
import { AgentProgress, type ProgressChange } from "../../../app/_chat/agent-progress";
import type { StepData, WaitData } from "../../../lib/wire";

const step = (number: number, name: "slot" | "decision" | "rules"): StepData => ({
  step: number,
  name,
  detail: null,
  role: name === "rules" ? null : "reasoning",
  state: "running",
});
const loading = (role: "reasoning" | "response", percent: number): WaitData => ({
  role,
  type: "loading",
  stage: "model",
  percent,
});

function listen() {
  const said: string[] = [];
  let last: ProgressChange = {};
  const progress = new AgentProgress((change) => {
    last = { ...last, ...change };
    if (change.announcement !== undefined) said.push(change.announcement);
  });
  const hearStep = (data: StepData) => progress.hear({ type: "data-step", data });
  const hearWait = (data: WaitData) => progress.hear({ type: "data-wait", data });
  return { progress, said, last: () => last, hearStep, hearWait };
}

describe("what is told of an answer on its way", () => {
  it("is that it begins, once, when a model works and not while it is waited for", () => {
    const { said, hearStep } = listen();
    hearStep(step(1, "rules"));
    hearStep(step(2, "slot"));
    expect(said).toEqual([]);
    hearStep(step(3, "decision"));
    hearStep(step(4, "decision"));
    expect(said).toEqual(["The answer begins."]);
  });

  it("is which model is loaded, not how far that is", () => {
    const { said, hearWait, last } = listen();
    for (const percent of [1, 50, 99]) hearWait(loading("reasoning", percent));
    hearWait(loading("response", 1));
    expect(said).toEqual(["The reasoning model is being loaded.", "The response model is being loaded."]);
    expect(last().wait).toMatchObject({ data: { role: "response", percent: 1 } });
  });

  it("ends with its step, and with the answer", () => {
    const { progress, hearStep, hearWait, last } = listen();
    progress.hear({ type: "data-prefill", data: { evaluated: 3, total: 9 } });
    expect(last().prefill).toEqual({ evaluated: 3, total: 9 });
    hearStep(step(2, "decision"));
    expect(last().prefill).toBeNull();
    hearWait(loading("reasoning", 5));
    progress.reset();
    expect(last().wait).toBeNull();
  });
});
