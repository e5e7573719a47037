import { anyWord, lowerText } from "./words";

/** Whether a message gives numbers and asks for them to be drawn as a bar, line, or pie chart. */
export function asksForChart(text: string): boolean {
  const lower = lowerText(text);
  return (DRAW_CHART.test(lower) || CHART_OF.test(lower)) && countNumbers(lower) >= 2;
}

/** Whether a message asks for nothing but a chart of given numbers, or nothing but a sum: a tool answers it alone. */
export function isToolOnly(text: string): boolean {
  const lower = lowerText(text);
  if (lower.length > 600 || MORE_THAN_A_TOOL.test(lower)) return false;
  if (FUNCTION_GRAPH.test(lower)) return false;
  const starts = STARTS_WITH_DRAW.test(lower) || CHART_OF.test(lower);
  return (starts && asksForChart(lower)) || isSum(lower);
}

function isSum(lower: string): boolean {
  const bare = lower
    .replace(POLITE, "")
    .replace(CALCULATE, "")
    .replace(/(?:,? ?please)?[\s?=!.]*$/, "");
  if (PERCENT_OF.test(bare) || ROOT_OF.test(bare)) return true;
  if (!/^[\d\s.,+\-−*/^()×÷%x]+$/.test(bare)) return false;
  const asked = bare !== lower.replace(/[\s?=!.]*$/, "");
  return OPERATION.test(bare) || (asked && /\d ?[-−/] ?\d/.test(bare) && !DATE.test(bare));
}

function countNumbers(lower: string): number {
  return lower.match(/(?<![\w.])-?\d+(?:[.,]\d+)*/g)?.flatMap((found) => found.split(/,(?!\d{3}(?!\d))/)).length ?? 0;
}

const DRAW =
  "(?:draw|drawing|make|create|plot|show|give|generate|build|graph|chart|visuali[sz]e|display|turn|put|dibuja|haz|zeichne|dessine|fais)";
const CHART =
  "(?:(?:bar|line|pie|column) ?-?(?:charts?|graphs?|plots?|diagrams?)|charts?|graphs?|histograms?|chrat|diagramm|balkendiagramm|gráfic[oa](?: de barras)?|graphique)";

const DRAW_CHART = new RegExp(
  `as (?:a (?:pie|bar|line)|bars)(?!\\p{L})|${anyWord(DRAW).source}.{0,80}?${anyWord(CHART).source}|${anyWord("plot|visuali[sz]e").source} .{0,40}?\\d`,
  "u",
);
const CHART_OF = new RegExp(`^(?:an? )?${CHART} ?(?:of|for|with|:)`, "u");
const STARTS_WITH_DRAW = new RegExp(
  `^(?:please,? |pls |can you |could you |can u |i want you to |hey,? )?${DRAW}(?!\\p{L})`,
  "u",
);
const MORE_THAN_A_TOOL = anyWord(
  "explain\\p{L}*|why|how(?! much is)|teach|learn|understand|stuck|quiz|practi[cs]e|homework|assignment|step|steps|prove|hint|help|write|interpret|meaning|means|compare",
);
const FUNCTION_GRAPH = /[xyf]\)? ?=|\b(?:sin|cos|tan|parabola|function)\b/;

const POLITE = /^(?:please,? |pls |can you |could you |hey,? )+/;
const CALCULATE =
  /^(?:what is|what's|whats|how much is|calculate|calc|calculat|compute|evaluate|work out|wie viel ist|was ist|cuánto es|combien font)[:,]? (?:the )?/;
const PERCENT_OF = /^\d+(?:[.,]\d+)? ?(?:%|percent|per cent) of [$€£]?\d+(?:[.,]\d+)*$/;
const ROOT_OF = /^(?:square root|cube root|sqrt) ?(?:of|\() ?\d+(?:\.\d+)?\)?$/;
const OPERATION = /\d[\s)%]*[+*^×÷][\s(-]*\d|\d ?x ?\d|[\d)] +[-−/] +\(?\d/;
const DATE = /^\d{1,4}[-/]\d{1,2}[-/]\d{1,4}$|^(?:9\/11|24\/7)$/;
