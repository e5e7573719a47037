import { createGraph, findCalculations, type ToolRegistry } from "../../../lib/agent";
import { dress } from "../ask";
import type { Dice } from "../dice";
import { NOTHING_WANTED, sceneOf, type Scene } from "../scene";

const THINGS = [
  ["apples", "pears", "plums", "grapes", "bananas"],
  ["red", "blue", "green", "yellow", "white"],
  ["cats", "dogs", "birds", "fish", "rabbits"],
  ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
  ["January", "February", "March", "April", "May"],
  ["math", "science", "history", "English", "art"],
  ["bus", "car", "bike", "train", "walk"],
] as const;
const TYPES = ["bar", "line", "pie"] as const;
const CHART_FRAMES = [
  "draw a {t} chart of {v}",
  "Draw a {t} chart of {v}.",
  "make a {t} chart of {v}",
  "make me a {t} chart with {v}",
  "can you draw a {t} chart for {v}",
  "please plot {v} as a {t} chart",
  "show {v} in a {t} chart",
  "create a {t} graph of {v}",
  "I need a {t} graph of {v}",
  "{t} chart of {v}",
  "{t} chart: {v}",
  "my data is {v}, can you make a {t} chart?",
  "we counted {v}. Draw a {t} graph please",
  "put {v} into a {t} diagram",
] as const;
const CALCULATION_FRAMES = [
  "what is {e}",
  "what is {e}?",
  "What's {e}?",
  "{e}",
  "{e} = ?",
  "calculate {e}",
  "how much is {e}?",
  "compute {e}",
];

/** A chart of given numbers: the arguments that the reasoning model writes, and what is said of the drawing. */
export async function chartScene(dice: Dice): Promise<Scene> {
  const type = dice.pick(TYPES);
  const count = dice.between(3, 5);
  const values = Array.from({ length: count }, () => dice.between(1, dice.chance(0.3) ? 99 : 20));
  const named = dice.chance(0.5) ? dice.pick(THINGS).slice(0, count) : null;
  const listed = values.map((value, index) => (named === null ? `${value}` : `${value} ${named[index]}`)).join(", ");
  const message = dress(dice.pick(CHART_FRAMES).replace("{t}", type).replace("{v}", listed), dice);
  const labels = named === null ? values.map((_, index) => `${index + 1}`) : [...named];
  const chart = {
    type,
    title: "Your numbers",
    x_label: "",
    y_label: "",
    labels,
    series: [{ name: "", values }],
    context: "",
  };
  const { text } = await createGraph.run(createGraph.parse(chart), {});
  // No number is said again: a model this small would get one wrong now and then, and the drawing shows them all.
  const answer = `Here is your ${type} chart. Which value is the highest, and which is the lowest? What does that tell you?`;
  return sceneOf({
    message,
    truth: { ...NOTHING_WANTED, chart: "yes" },
    toolResults: [{ tool: createGraph.name, text }],
    chartArguments: JSON.stringify(chart),
    notes: withAllKinds(`${type} chart drawn; ask what is noticed`),
    answer,
    whole: 1,
  });
}

/** A sum that the calculator has done. */
export async function calculationScene(dice: Dice, tools: ToolRegistry): Promise<Scene> {
  const large = dice.chance(0.4) ? 999 : 60;
  const [one, other] = [dice.between(2, large), dice.between(2, dice.chance(0.5) ? 12 : large)];
  const expression = `${one} ${dice.pick(["+", "-", "*", "/"])} ${other}`;
  const message = dice.pick(CALCULATION_FRAMES).replace("{e}", expression);
  const toolResults = [];
  for (const found of findCalculations(message)) {
    const call = tools.toolNamed("calculator")?.prepare({ expression: found });
    if (call !== undefined) toolResults.push({ tool: "calculator", text: (await call.run()).text });
  }
  return sceneOf({
    message,
    toolResults,
    notes: withAllKinds("the calculator has the result; offer the steps"),
    answer: "The calculator has worked it out exactly: see its result. Shall we look at how to do it step by step?",
    whole: 1,
  });
}

function withAllKinds(note: string): Scene["notes"] {
  return { math: note, practice: note, reasoning: note };
}
