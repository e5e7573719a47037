import { describe, expect, it } from "vitest";

import { answeringOf, countParameters, findTopics } from "../../../app/_models/answering";
import { standInWords, summaryWords } from "../../../app/_trace/words";
import { readStep } from "../../../app/_trace/read-data";
import { whoAnswers } from "../../../lib/cli/who-answers";
import { encodeModelList, type ModelSummary } from "../../../lib/wire";

const about = { parameters: 4_230_000, topics: ["slope", "the Cold War"] };
const model = (id: string, role: string | null, more: Partial<ModelSummary> = {}): ModelSummary => ({
  id,
  roles: role === null ? [] : [role],
  source: "file",
  builtIn: null,
  standIns: [],
  adapterPath: null,
  fileBytes: 1,
  state: "stopped",
  info: null,
  residentBytes: null,
  pinned: false,
  download: null,
  lastError: null,
  ...more,
});
const list = (...models: ModelSummary[]) => encodeModelList(models, 0).data;
const said = (models: ModelSummary[], id = "memwell") => answeringOf(list(...models), id, "memwell");

const BUILT_IN = [
  model("memwell-response", "response", { source: "builtin", builtIn: about }),
  model("memwell-reasoning", "reasoning", { source: "builtin", builtIn: about }),
];
const DEMO = ["response", "reasoning"].map((role) => model(`demo-${role}`, role, { source: "demo" }));
const gone = {
  standIns: ["memwell-response"],
  lastError: { code: "hub_offline", message: "No Hub.", fields: {} },
} as const;
const AWAY = [
  model("tutor", "response", { ...gone, standIns: ["memwell-response"] }),
  model("thinker", "reasoning"),
  model("memwell-response", null, { source: "builtin", builtIn: about }),
];

describe("the line above the chat", () => {
  it("says of a built-in model how large it is and what it knows", () => {
    const words = "Built-in demo model, 4.2 million parameters.";
    expect(said(BUILT_IN)).toEqual({ kind: "builtin", words, why: null, topics: about.topics });
    expect(said(BUILT_IN, "memwell-reasoning")).toMatchObject({ kind: "builtin", words });
    const [response, reasoning] = [BUILT_IN[0]!, DEMO[1]!];
    expect(said([response, reasoning])?.words).toContain("random weights");
  });

  it("says of random weights that they speak nonsense, and of others who they are", () => {
    expect(said(DEMO)).toMatchObject({ kind: "demo", words: expect.stringContaining("nonsense") as string });
    const own = [model("tutor", "response"), model("thinker", "reasoning")];
    expect(said(own)).toMatchObject({ kind: "own", words: "tutor answers, thinker thinks first." });
    expect(said(own, "thinker")).toMatchObject({ kind: "own", words: "thinker answers alone." });
    expect(said([{ ...own[0]!, roles: ["response", "reasoning"] }])).toMatchObject({ words: "tutor answers." });
    expect(said(own, "gone")).toBeNull();
  });

  it("says who cannot be had and who answers instead, and why", () => {
    expect(said(AWAY)).toEqual({
      kind: "stand-in",
      words: "tutor cannot be had now: the built-in demo model answers instead.",
      why: "No Hub.",
      topics: about.topics,
    });
  });
});

it("the line of the command line says the same", () => {
  expect(whoAnswers(list(...BUILT_IN))).toBe(
    "Answers: memwell-response (built-in demo model, 4.2 million parameters); " +
      "thinks first: memwell-reasoning (built-in demo model, 4.2 million parameters).",
  );
  expect(whoAnswers(list(...DEMO))).toContain("demo-response (random weights: nonsense)");
  expect(whoAnswers(list(...AWAY))).toBe(
    "Answers: memwell-response in place of tutor, which cannot be had; thinks first: thinker.",
  );
});

it.each([
  [840_000, "0.8 million parameters"],
  [4_230_000, "4.2 million parameters"],
  [12_600_000, "13 million parameters"],
  [494_000_000, "0.5 billion parameters"],
])("%i are %s", (parameters, words) => expect(countParameters(parameters)).toBe(words));

describe("topics", () => {
  const topics = ["the Cold War", "slope", "World War I", "adding fractions"];

  it("stand in the order of the alphabet, whatever article they begin with", () =>
    expect(findTopics(topics, "")).toEqual(["adding fractions", "the Cold War", "slope", "World War I"]));

  it.each([
    ["war", ["the Cold War", "World War I"]],
    [" WAR  cold ", ["the Cold War"]],
    ["(", []],
  ])("are found by %j", (asked, found) => expect(findTopics(topics, asked)).toEqual(found));
});

it("the trace says whose place a model took, and the line above it that one stood in", () => {
  const data = {
    step: 1,
    name: "slot",
    detail: "response",
    role: "response",
    state: "done",
    model: "memwell-response",
  };
  const step = readStep({ ...data, stands_in_for: "tutor", stands_in_why: "No Hub." })!;
  expect(standInWords(step)).toBe("memwell-response came in place of tutor, which cannot be had: No Hub.");
  expect(standInWords(readStep(data)!)).toBeNull();
  expect(summaryWords([step], null, false)).toContain("a built-in model stood in");
});
