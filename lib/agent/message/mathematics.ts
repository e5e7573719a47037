import { anyWord, lowerText } from "./words";

/**
 * Whether a message is about mathematics, by rule alone. Precision first: a date, a price, a score, and a line of code are
 * not. Any of these is enough: LaTeX, a mathematical sign, numbers in relation, a formula, a word of the subject.
 */
export function isMathematics(text: string): boolean {
  const lower = lowerText(text).replace(NUMBERS_THAT_ARE_NAMES, " ");
  if (LATEX.some((pattern) => pattern.test(text)) || SIGN.test(text)) return true;
  if (RELATIONS.some((pattern) => pattern.test(lower)) || isArithmetic(lower)) return true;
  if (WORDS.test(lower.replace(OTHER_SUBJECTS, " "))) return true;
  return !CODE.test(text) && FORMULAS.some((pattern) => pattern.test(lower));
}

/** Whether a text is numbers, operators, and nothing else: `12 * (3 + 4) =`. A date or a telephone number is not. */
export function isArithmetic(text: string): boolean {
  if (text.length > MOST_ARITHMETIC) return false;
  const bare = text.replace(/[=?!.\s]+$/, "").trim();
  if (!/^[\d\s.,+\-−*/^()×÷%x√]+$/.test(bare) || !/\d/.test(bare)) return false;
  return /\d[\s)%]*[+*^×÷][\s(√-]*\d|\d\s*x\s*\d|√\s*\d|[\d)%] +[-−/] +\(?\d|^\d+\/\d+$/.test(bare);
}

/** In characters. */
const MOST_ARITHMETIC = 1000;

const NUMBERS_THAT_ARE_NAMES = /\b(?:9\/11|24\/7|50\/50)\b/g;

const LATEX = [
  /\\(?:frac|dfrac|sqrt|int|sum|prod|lim|cdot|times|div|pi|theta|alpha|beta|leq?|geq?|neq|infty|left|sin|cos|tan|log|ln|vec|binom|pm)(?![a-z])/,
  /\\begin\{(?:equation|align|matrix|pmatrix|bmatrix|cases|array)\*?\}/,
  /\\\([^\n]{1,400}?\\\)|\\\[[^\n]{1,400}?\\\]/,
  // A price has no operator beside it: "$5 and $10".
  /\$[^$\n]{0,200}[\\^_=+][^$\n]{0,200}\$/,
];

/** Greek letters only where they are no part of a Greek word. */
const SIGN = /[∫∑∏√≤≥≠≈∞∂∇±∈∉⊂∪∩∀∃÷]|(?<!\p{Script=Greek})[πθ](?!\p{Script=Greek})/u;

const CALCULATE =
  "(?:what is|what's|whats|wats|how much is|calculate|calculat|compute|evaluate|simplify|work out|solve)";
const RELATIONS = [
  /\d\s?[+*^÷]\s?[(-]?\d/,
  /\d\s?[-+*/×÷−]\s?\d+(?:\.\d+)?\s?=/,
  new RegExp(`\\b${CALCULATE}:? \\(?-?\\d[\\d.,]*\\)? ?[-+*/^×÷−x] ?\\(?-?\\d`),
  /\b\d+(?:[.,]\d+)?\s?(?:%|percent|per cent) of \$?\d/,
  /\b(?:mean|median|mode|average|range|sum|product) of (?:the numbers )?-?\d+(?:\.\d+)?(?:,| and) ?-?\d/,
  anyWord(
    "(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|\\d+) (?:plus|minus|multiplied by|divided by|to the power of|times) (?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|\\d+|x)",
    "(?:five|ten|fifteen|twenty|twenty five|thirty|fifty|\\d+) ?percent of (?:\\p{L}+ty|\\d+)",
    "is \\d+ (?:a )?prime",
  ),
  anyWord(`${CALCULATE} (?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\\d+) times \\p{L}+`),
];

const FORMULAS = [
  // An equation in one letter or a function of one: y = mx + b, f(x) = 3, 2x + 3 = 7. Not "?x=3" in an address.
  /(?<![\w.?&/="'-])-?\d*[a-z](?:\([a-z0-9]\))?(?:\^\d+|[²³])?\s?=\s?-?[\da-z(√]/,
  /(?<![\w.])\d+[a-z](?:\^\d+|[²³])?\s?[-+−=<>]\s?\d/,
  /(?<![\w.])[a-z][²³]\s?[-+−=*/]|[-+−=*/]\s?\d*[a-z][²³](?!\w)/,
  /(?:(?<![\p{L}])[a-z]|\d|\))\s?\^\s?(?:\d|[nxk](?!\w)|[({-])/u,
  /(?<!\w)(?:sin|cos|tan|sec|csc|cot|ln|log|sqrt)\s?\(\s?(?:-?\d|[a-z]\W|π)/,
  /(?<!\w)(?:sin|cos|tan|ln) (?:\d*x|\d+°?)(?!\w)/,
];

const CODE =
  /[;{}]|```|=>|==|\b(?:def|const|let|var|import|print|console|python|javascript|java|function\s+\w+\s*\(|return)\b(?! of)/;

/** Where another subject uses the words of this one. */
const OTHER_SUBJECTS =
  /(?:chemical|word|nernst|redox|reaction|balanced) equations?|(?:molecular|bond|electron|sacred) geometry|integral (?:part|role|to)|aftermath\w*|fractions? of (?:a|the) (?:second|people|cost|population|time)|slippery slope|ski slope|(?:income|social|gender|racial|wealth) inequalit\w+/g;

const WORDS = anyWord(
  "math(?:s|ematics|ematical)?",
  "deriv[ai]t[ia]ves?",
  "integrals?",
  "quadra[td]ics?",
  "pol[yi]nomials?",
  "alg[ea]r?b(?:ra|raic)",
  "trig(?:[oa]nom[ei]tr(?:y|ic))?",
  "(?:pre)?calc[ul]{2,3}us",
  "p[yi]th[ao]g\\p{L}+",
  "hypot[ei]nuse",
  "logar[iy]th?ms?",
  "e(?:qua|qu|gua)[ts]ions?",
  "fractions?",
  "arithmetic",
  "geometry",
  "matrices|matrix multiplication|determinants? of",
  "eigen(?:value|vector)s?",
  "standard deviations?",
  "theorems?",
  "long division",
  "multipl[iay]cation(?: tables?)?|times tables?",
  "(?:square|cube) roots?",
  "prime (?:numbers?|factors?)",
  "(?:least|lowest) common (?:multiple|denominator)",
  "greatest common (?:divisor|factor)",
  "slope(?: of)? (?:a |the )?line|slope intercept|slope-intercept|y-?intercept",
  "perimeter|circumference|(?:area|volume) of (?:a|an|the) (?:triangle|circle|square|rectangle|cube|cylinder|sphere|cone|trapezoid|parallelogram)",
  "exponents?|numerators?|denominators?|coefficients?",
  "binomials?|permutations?|cosines?|tangent lines?",
  "probabilit(?:y|ies)",
  "factori[sz](?:e|ing) (?:the|this|x|a)|complet(?:e|ing) the square",
  "mathe(?:matik)?|gleichung(?:en)?|ableitung(?:en)?|bruchrechnung",
  "matem[aá]tic(?:as|a|o)|ecuaci(?:ón|on|ones)|derivadas?|equaç(?:ão|ões)|fracciones",
  "mathématiques|équations?|dérivées?",
  "математик\\p{L}+|уравнени\\p{L}+|производн\\p{L}+",
);
