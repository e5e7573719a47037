/** What a name in a calculation may be. Everything that is not here never reaches mathjs. */

/** Student's or model's name, to that of mathjs. `log` is to base 10 and `ln` natural, as at school. */
export const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ...same("abs sqrt cbrt nthRoot exp ln log log10 log2 round floor ceil sign gcd lcm mod factorial"),
  ...same("sin cos tan sec csc cot asin acos atan atan2 sinh cosh tanh asinh acosh atanh"),
  ...same("min max sum prod mean median mode std variance combinations permutations"),
  ...same("det inv transpose dot cross trace norm re im conj arg"),
  ["arcsin", "asin"],
  ["arccos", "acos"],
  ["arctan", "atan"],
  ["average", "mean"],
  ["avg", "mean"],
  ["stdev", "std"],
  ["product", "prod"],
  ["nthroot", "nthRoot"],
  ["root", "nthRoot"],
  ["pow", "pow"],
  ["lg", "log10"],
  ["nCr", "combinations"],
  ["ncr", "combinations"],
  ["nPr", "permutations"],
  ["npr", "permutations"],
  ["Sin", "sin"],
  ["Cos", "cos"],
  ["Tan", "tan"],
  ["Sqrt", "sqrt"],
]);

/** Their comma parts arguments; elsewhere a comma between digits belongs to the number. */
export const SEVERAL_ARGUMENTS: ReadonlySet<string> = new Set(
  (
    "nthRoot log round gcd lcm mod atan2 min max sum prod mean median mode std variance combinations permutations dot " +
    "cross pow"
  ).split(" "),
);

export const CIRCULAR_FUNCTIONS: ReadonlySet<string> = new Set("sin cos tan sec csc cot".split(" "));

export const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ["pi", "pi"],
  ["Pi", "pi"],
  ["PI", "pi"],
  ["tau", "tau"],
  ["e", "e"],
  ["i", "i"],
]);

/** Student's name to what mathjs reads. Some of its own names are functions too (`min`, `sec`), so these are spelled out. */
export const UNITS: ReadonlyMap<string, string> = new Map([
  ...same("m cm mm km nm yd ft kg g mg oz ml mL Hz kHz MHz kW kWh kJ J N W V K Pa kPa bar atm deg rad acre hectare"),
  ...same("kB MB GB TB meter inch foot yard mile gram kilogram second minute hour day week year liter cup pint quart"),
  ...same("gallon tonne degC degF newton joule watt volt ampere ohm"),
  ...plurals("meter yard mile gram kilogram second minute hour day week year liter cup pint quart gallon tonne acre"),
  ...plurals("newton joule watt volt ohm hectare"),
  ["in", "inch"],
  ["inches", "inch"],
  ["feet", "foot"],
  ["mi", "mile"],
  ["metre", "meter"],
  ["metres", "meter"],
  ["litre", "liter"],
  ["litres", "liter"],
  ["l", "liter"],
  ["L", "liter"],
  ["s", "second"],
  ["sec", "second"],
  ["secs", "second"],
  ["min", "minute"],
  ["mins", "minute"],
  ["h", "hour"],
  ["hr", "hour"],
  ["hrs", "hour"],
  ["lb", "lbm"],
  ["lbs", "lbm"],
  ["pound", "lbm"],
  ["pounds", "lbm"],
  ["ounce", "oz"],
  ["ounces", "oz"],
  ["kilometer", "km"],
  ["kilometers", "km"],
  ["kilometre", "km"],
  ["kilometres", "km"],
  ["centimeter", "cm"],
  ["centimeters", "cm"],
  ["centimetre", "cm"],
  ["centimetres", "cm"],
  ["millimeters", "mm"],
  ["kilograms", "kg"],
  ["mph", "mile/hour"],
  ["kmh", "km/hour"],
  ["degree", "deg"],
  ["degrees", "deg"],
  ["radians", "rad"],
]);

/** Words between operands, to the operator they stand for. */
export const WORDS: ReadonlyMap<string, string> = new Map([
  ["of", "*"],
  ["times", "*"],
  ["plus", "+"],
  ["minus", "-"],
  ["over", "/"],
  ["mod", "mod"],
  ["squared", "^2"],
  ["cubed", "^3"],
  ["percent", "%"],
  ["to", "to"],
]);

function same(names: string): [string, string][] {
  return names.split(" ").map((name) => [name, name]);
}

function plurals(names: string): [string, string][] {
  return names.split(" ").map((name) => [`${name}s`, name]);
}
