/**
 * The program of the calculator's thread, as text, so that no bundler has to bring a file along: it loads mathjs from the
 * path it is given and answers one question a message.
 *
 * What an expression may be made of is a list, not what it may not be: the kinds of nodes below, the functions of
 * `workerData.functions`, constants, units and single letters. So `import`, `createUnit`, `evaluate`, `parse`, `chain`,
 * texts, assignments, ranges, properties and functions of one's own are not forbidden, but absent.
 *
 * Three settings of mathjs: fractions, whose answers are exact; 64 digits, for what has no fraction; doubles, for search.
 */
export const WORKER_SOURCE = String.raw`
"use strict";
const { parentPort, workerData } = require("node:worker_threads");
const mathjs = require(workerData.mathjs);
const functions = new Set(workerData.functions);
const NODES = new Set(["OperatorNode", "ConstantNode", "ParenthesisNode", "SymbolNode", "FunctionNode", "ArrayNode"]);
const OPERATORS = new Set(["add", "subtract", "multiply", "divide", "pow", "mod", "factorial", "unaryMinus", "unaryPlus", "to"]);
const MAX_DIGITS = 2000, MAX_FACTORIAL = 1000, MAX_EXPONENT = 100000, MAX_TEXT = 400;

const exact = instance("Fraction");
const precise = instance("BigNumber");
const double = instance("number");

function instance(number) {
  const math = mathjs.create(mathjs.all);
  // The one-file build ignores what create is given.
  math.config({ number, precision: 64 });
  const { pow, factorial } = math;
  math.import({
    pow(base, exponent) {
      if (math.isFraction(base) && math.isFraction(exponent) && exponent.d === 1n) {
        const digits = Math.max(String(base.n).length, String(base.d).length) - 1 + (base.n > 1n || base.d > 1n ? 0.31 : 0);
        if (digits * Number(exponent.n) > MAX_DIGITS) throw new Error("too large");
      }
      return pow(base, exponent);
    },
    factorial(value) {
      if (Number(value) > MAX_FACTORIAL) throw new Error("too large");
      return factorial(value);
    },
  }, { override: true });
  return math;
}

function read(math, text) {
  const node = math.parse(text);
  node.traverse((part) => {
    if (!NODES.has(part.type)) throw new Error("a calculation cannot have a " + part.type);
    if (part.type === "OperatorNode" && !OPERATORS.has(part.fn)) throw new Error(part.op + " is not known");
    if (part.type === "ConstantNode" && typeof part.value === "string") throw new Error("a text is no number");
    if (part.type === "FunctionNode" && !functions.has(part.fn.name)) throw new Error(part.fn.name + " is not known");
  });
  return node.transform((part) => {
    if (part.type !== "FunctionNode") return part;
    if (part.fn.name === "log" && part.args.length === 1) return new math.FunctionNode("log10", part.args);
    if (part.fn.name === "ln") return new math.FunctionNode("log", part.args);
    return part;
  });
}

function bounded(text) {
  if (text.length > MAX_TEXT) throw new Error("the answer has more than " + MAX_TEXT + " characters");
  return text;
}

function isAllFractions(math, value) {
  if (math.isFraction(value)) return true;
  const list = math.isMatrix(value) ? value.toArray() : value;
  return Array.isArray(list) && list.flat(3).every((entry) => math.isFraction(entry));
}

function evaluate({ expression, hasUnits }) {
  const answer = evaluateAny({ expression, hasUnits });
  // Digits end somewhere, so tan(90 degrees) comes out large instead of undefined.
  const isPole = answer.kind === "decimal" && /(?:tan|sec|csc|cot)\(/.test(expression) && Math.abs(Number(answer.digits)) > 1e20;
  if (isPole) throw new Error("it is not defined there");
  return answer;
}

function evaluateAny({ expression, hasUnits }) {
  if (!hasUnits) {
    let value = null;
    try {
      value = read(exact, expression).evaluate(new Map());
    } catch (thrown) {
      if (/Division by Zero/i.test(thrown.message)) throw thrown;
    }
    if (value !== null && isAllFractions(exact, value)) return describe(exact, value);
  }
  try {
    return describe(precise, read(precise, expression).evaluate(new Map()));
  } catch (thrown) {
    if (!/DecimalError/.test(thrown.message)) throw thrown;
    return describe(double, read(double, expression).evaluate(new Map()));
  }
}

function describe(math, value) {
  if (Array.isArray(value) && value.length === 1) return describe(math, value[0]);
  if (math.isFraction(value)) return { kind: "fraction", ...parts(value) };
  if (math.isBigNumber(value) || typeof value === "number") {
    if (Number(value) === Infinity && !math.isFinite(value)) throw new Error("too large");
    if (!math.isFinite(value)) throw new Error("the answer is not a finite number");
    if (math.isBigNumber(value) && Math.abs(value.e) > MAX_EXPONENT) throw new Error(value.e > 0 ? "too large" : "too small");
    return { kind: "decimal", digits: String(value) };
  }
  if (typeof value === "boolean" || value === undefined || value === null) throw new Error("the answer is no number");
  if (math.isComplex(value) && !(isFinite(value.re) && isFinite(value.im))) throw new Error("the answer is not a finite number");
  if (math.isComplex(value) && Math.abs(value.im) <= 1e-14 * Math.abs(value.re)) return { kind: "decimal", digits: String(value.re) };
  const isKnown = math.isUnit(value) || math.isComplex(value) || math.isMatrix(value) || Array.isArray(value);
  if (!isKnown) throw new Error("the answer is no number");
  const text = bounded(math.format(value, { precision: 12, fraction: "ratio", lowerExp: -9, upperExp: 15 }));
  return { kind: "text", text: text.replace(/(\d)\/1(?!\d)/g, "$1").replace(/ deg([CF])$/, " °$1").replace(/ deg$/, "°") };
}

const parts = (fraction) => ({ numerator: String(fraction.s * fraction.n), denominator: String(fraction.d) });

function sample({ expression, names, points }) {
  const code = read(exact, expression).compile();
  return points.map((point) => {
    const scope = new Map(names.map((name, index) => [name, exact.fraction(point[index])]));
    let value;
    try {
      value = code.evaluate(scope);
    } catch (thrown) {
      if (/Division by Zero/i.test(thrown.message)) return null;
      throw thrown;
    }
    if (!exact.isFraction(value)) throw new Error("not a fraction");
    return parts(value);
  });
}

function search({ expression, name, from, to, steps }) {
  const code = read(double, expression).compile();
  const scope = new Map();
  const at = (x) => {
    scope.set(name, x);
    const value = code.evaluate(scope);
    return typeof value === "number" ? value : NaN;
  };
  const roots = [];
  let [x, y] = [from, at(from)];
  for (let step = 1; step <= steps; step++) {
    const nextX = from + ((to - from) * step) / steps;
    const nextY = at(nextX);
    if (y === 0) roots.push(x);
    else if (y * nextY < 0) {
      let [low, high, lowY] = [x, nextX, y];
      for (let halving = 0; halving < 80; halving++) {
        const middle = (low + high) / 2, middleY = at(middle);
        if (lowY * middleY <= 0) high = middle;
        else [low, lowY] = [middle, middleY];
      }
      // A pole changes its sign too, but grows where it does.
      if (Math.abs(at(high)) < 1e-6 * (1 + Math.abs(y) + Math.abs(nextY))) roots.push(high);
    }
    [x, y] = [nextX, nextY];
  }
  return roots;
}

// What an expression divides by, wherever it does.
function divisors({ expression }) {
  const found = [];
  read(exact, expression).traverse((part) => {
    if (part.type !== "OperatorNode" || part.args.length !== 2) return;
    const [left, right] = part.args.map((side) => side.toString().replace(/(\d)\/1(?!\d)/g, "$1"));
    if (part.fn === "divide") found.push(right);
    if (part.fn === "pow" && /^\(?-\d+\)?$/.test(right)) found.push("(" + left + ")^" + right.replace(/[()-]/g, ""));
  });
  return found.filter((text) => /[a-zA-Z]/.test(text)).map(bounded);
}

function symbolic({ operation, expression, variable }) {
  const math = double;
  const node = read(math, expression);
  const run = {
    derivative: () => math.simplify(math.derivative(node, variable)),
    expand: () => math.simplify(math.rationalize(node)),
    simplify: () => math.simplify(node),
  }[operation];
  const made = run();
  return { text: write(math, made), latex: bounded(made.toTex({ handler: tex })) };
}

function write(math, node) {
  return bounded(node.toString({ handler: (part, options) => {
    if (part.type !== "FunctionNode" || part.args.length !== 1) return undefined;
    const name = { log: "ln", log10: "log" }[part.fn.name];
    return name === undefined ? undefined : name + "(" + part.args[0].toString(options) + ")";
  } }));
}

function tex(part, options) {
  if (part.type === "SymbolNode" && /^[a-zA-Z]$/.test(part.name)) return " " + part.name;
  return undefined;
}

const answers = { evaluate, sample, search, divisors, symbolic };
parentPort.on("message", ({ id, kind, ...question }) => {
  try {
    parentPort.postMessage({ id, answer: answers[kind](question) });
  } catch (thrown) {
    parentPort.postMessage({ id, failure: String(thrown && thrown.message).slice(0, 200) });
  }
});
parentPort.postMessage({ id: 0, answer: "ready" });
`;
