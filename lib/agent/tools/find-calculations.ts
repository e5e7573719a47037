import { readRequest, type CalculationRequest } from "./calculator/read-request";
import { isArithmetic, isEquation } from "./find/judge";
import { runsOf, type Run } from "./find/runs";

/** Characters; a calculation further down is not what the message is about. */
const READ_LENGTH = 4000;
const MOST_FOUND = 4;

const NOT_PROSE = /```[^]*?(?:```|$)|`[^`\n]*`|\bhttps?:\/\/\S+|\bwww\.\S+|\S+@\S+/g;
const SENTENCE_END = /\n+|[.?!;](?=\s|$)|,(?=\s)|\band\b/;
const VERB = /\b(simplify|expand|factor|factori[sz]e|differentiate|(?:the )?derivative of)\b:?\s*$/i;
const CONVERSION = /\b(?:convert |how much is |what is )(\d[\d.,]* ?[a-zA-Z°]+ (?:to|into|in) [a-zA-Z°]+)\b/gi;

/**
 * The calculations in a student's message whose answer should come from the calculator, in order, four at most, each in a
 * form that the calculator reads. It would rather miss one than take a date, a page or a score for one: `9/11`, `24/7`,
 * `pages 10-12` and `v1.2` are none. Reads the first 4,000 characters.
 */
export function findCalculations(message: string): string[] {
  const prose = message.slice(0, READ_LENGTH).replace(NOT_PROSE, " \n ");
  const runs = prose.split(SENTENCE_END).flatMap(runsOf);
  const found = [...conversionsIn(prose), ...withSystems(runs.flatMap(calculationIn))];
  return [...new Set(found)].slice(0, MOST_FOUND);
}

interface Found {
  text: string;
  request: CalculationRequest;
}

function calculationIn(run: Run): Found[] {
  const letters = run.parts.filter(({ kind, text }) => kind === "letter" && text !== "pi");
  const hasEquals = run.parts.some(({ kind }) => kind === "equals");
  const verb = VERB.exec(run.before)?.[1]?.toLowerCase();
  if (verb !== undefined && letters.length > 0 && !hasEquals) return readable(`${verb} ${run.text}`);
  const isWanted = hasEquals ? isEquation(run) : isArithmetic(run);
  if (!isWanted || (!hasEquals && letters.some(({ text }) => !/^[xX]$/.test(text)))) return [];
  return readable(run.text);
}

/** What the calculator would refuse is not found. */
function readable(text: string): Found[] {
  const tidy = text.replace(/\s+/g, " ").trim();
  try {
    const request = readRequest(tidy);
    return request.kind === "simplify" && !/^simplify/.test(tidy) ? [] : [{ text: tidy, request }];
  } catch {
    return [];
  }
}

function conversionsIn(prose: string): string[] {
  return [...prose.matchAll(CONVERSION)].flatMap(([, conversion = ""]) => {
    const found = readable(conversion.replace(/ into /, " to "));
    return found.flatMap(({ text, request }) =>
      request.kind === "evaluate" && request.expression.hasUnits ? [text] : [],
    );
  });
}

/** Equations in several unknowns make sense together only, and become one system. */
function withSystems(found: Found[]): string[] {
  const isPart = ({ request }: Found) => request.kind === "solve" && request.unknowns.length > 1;
  const system = found.filter(isPart).map(({ text }) => text);
  const alone = found.filter((one) => !isPart(one)).map(({ text }) => text);
  if (system.length < 2) return alone;
  const joined = readable(system.join("; ")).map(({ text }) => text);
  return [...joined, ...alone];
}
