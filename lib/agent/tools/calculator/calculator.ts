import { MemwellError } from "../../../errors";
import type { AgentTool, ToolResult } from "../contract";
import { abortedTool, isObject, refusedArgument } from "../refusal";
import { derivative, expand, factor, simplify } from "./algebra";
import { compare, evaluate } from "./evaluate";
import { EvaluationFailure, Evaluator, type EvaluatorOptions } from "./evaluator";
import { MAX_LENGTH, readRequest, type CalculationRequest } from "./read-request";
import { CALCULATOR, unanswered } from "./refuse";
import { solveEquation, type Ask } from "./solve";
import { solveSystem } from "./solve-system";

/** Characters. */
const LONGEST_RESULT = 800;

export interface CalculatorArguments {
  /** As it was written. */
  expression: string;
  request: CalculationRequest;
}

export interface CalculatorTool extends AgentTool<CalculatorArguments> {
  /** Starts the calculator's thread, which takes about a quarter of a second and 32 MB. */
  warm(): Promise<void>;
  /** Ends it. */
  close(): Promise<void>;
}

interface Told {
  text: string;
  result: string;
  exact: string | null;
  approximate: string | null;
  steps: string[];
  latex: string | null;
}

/** Arithmetic and algebra by mathjs in a thread of its own, so that a number is never a model's guess. */
export function createCalculator(options: EvaluatorOptions = {}): CalculatorTool {
  const evaluator = new Evaluator(options);
  return {
    name: CALCULATOR,
    description: {
      full:
        "Computes exactly: arithmetic, fractions, percent, powers, roots, trigonometry (sin(30°)), units (5 km to mile), " +
        "statistics (mean(1, 2, 3)), matrices, and algebra. Write one calculation, one equation, a system with ; between, " +
        "or simplify, expand, factor, derivative of, solve before an expression.",
      compact: "Computes or solves one calculation or equation.",
    },
    jsonSchema: {
      type: "object",
      properties: { expression: { type: "string", minLength: 1, maxLength: MAX_LENGTH } },
      required: ["expression"],
    },
    parse: parseCalculation,
    run: ({ request }, { signal }) => run(request, evaluator, signal),
    warm: () => evaluator.warm(),
    close: () => evaluator.close(),
  };
}

function parseCalculation(written: unknown): CalculatorArguments {
  if (!isObject(written)) throw refusedArgument(CALCULATOR, "arguments", "a JSON object with expression");
  const expression = written["expression"];
  if (typeof expression !== "string" || expression.trim() === "" || expression.length > MAX_LENGTH) {
    throw refusedArgument(CALCULATOR, "expression", `text of 1 to ${MAX_LENGTH} characters`);
  }
  return { expression, request: readRequest(expression) };
}

async function run(request: CalculationRequest, evaluator: Evaluator, signal?: AbortSignal): Promise<ToolResult> {
  if (signal?.aborted) throw abortedTool(CALCULATOR);
  const ask: Ask = (question) => evaluator.ask(question, signal);
  try {
    const { text, ...answer } = await calculate(request, ask);
    if (/NaN|Infinity/.test(answer.result)) throw new EvaluationFailure("too large");
    if (answer.result.length > LONGEST_RESULT) throw new EvaluationFailure("too long");
    return { text, display: { kind: "calculation", expression: request.shown, ...answer } };
  } catch (thrown) {
    throw asToolError(thrown, request.shown);
  }
}

async function calculate(request: CalculationRequest, ask: Ask): Promise<Told> {
  const { shown } = request;
  switch (request.kind) {
    case "evaluate": {
      const evaluated = await evaluateOrNull(request, ask);
      if (evaluated === null) return rewritten(shown, await simplify(request.asLetters ?? request.expression, ask));
      const { told, ...answer } = evaluated;
      const notes = request.expression.notes.map((note) => ` (${note})`).join("");
      return { ...answer, text: `${shown} ${told}${notes}` };
    }
    case "compare": {
      const answer = await compare(request.equation, ask);
      return { ...answer, text: `${shown} is ${answer.result}: ${answer.steps.join(", ")}`, latex: null };
    }
    case "solve": {
      const [only] = request.equations;
      const [unknown = "x", second] = request.unknowns;
      const isOne = only !== undefined && request.equations.length === 1 && second === undefined;
      const answer = isOne
        ? await solveEquation(only, unknown, ask)
        : await solveSystem(request.equations, request.unknowns, ask);
      return { ...answer, text: `${shown}: ${answer.result}`, latex: null };
    }
    case "derivative": {
      const made = await derivative(request.expression, request.variable, ask);
      return rewritten(`derivative of ${shown} with respect to ${request.variable}`, made);
    }
    case "simplify":
      return rewritten(shown, await simplify(request.expression, ask));
    case "expand":
      return rewritten(shown, await expand(request.expression, ask));
    case "factor":
      return rewritten(shown, await factor(request.expression, ask));
  }
}

type EvaluateRequest = CalculationRequest & { kind: "evaluate" };

/** Null when it has units that do not fit, and letters instead would. */
async function evaluateOrNull({ expression, asLetters }: EvaluateRequest, ask: Ask) {
  try {
    return await evaluate(expression, ask);
  } catch (thrown) {
    if (asLetters !== null && thrown instanceof EvaluationFailure) return null;
    throw thrown;
  }
}

function rewritten(what: string, { text, latex }: { text: string; latex: string | null }): Told {
  return { text: `${what} = ${text}`, result: text, exact: text, approximate: null, steps: [], latex };
}

function asToolError(thrown: unknown, shown: string): unknown {
  if (thrown instanceof MemwellError) return thrown;
  if (!(thrown instanceof EvaluationFailure))
    return unanswered(`The calculator failed at ${shown}. Ask again.`, thrown);
  return unanswered(`${shown} cannot be computed: ${inWords(thrown.message)}.`, thrown);
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/division by zero/i, "it divides by zero"],
  [/too large|maximum bigint/i, "the answer is too large"],
  [/too long/i, "the answer is too long to read"],
  [/too small/i, "the answer is too small"],
  [/precision limit/i, "the answer has too many digits"],
  [/units do not match|dimension|unexpected type of argument/i, "its parts do not fit together"],
  [/unexpected end|value expected|syntaxerror|unexpected operator/i, "something is missing in it"],
  [/too (?:few|many) arguments/i, "a function has the wrong number of arguments"],
  [/undefined (?:symbol|function)/i, "it has a name that is not known"],
];

/** The messages of mathjs speak of types; a student should not have to. */
function inWords(message: string): string {
  return REASONS.find(([pattern]) => pattern.test(message))?.[1] ?? message.replace(/[.\s]+$/, "");
}
