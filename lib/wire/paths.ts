/** Where a value sits in a request: property names and array positions, outermost first. */
export type Path = readonly (string | number)[];

const PLAIN_NAME = /^[A-Za-z_$][\w$-]{0,99}$/;
const LONGEST_NAME = 100;
const LONGEST_SHOWN = 60;

/** A path as people write it: `messages[2].role`; a name that is not a plain word is quoted in brackets. */
export function pathText(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (!PLAIN_NAME.test(part)) text += `[${JSON.stringify(part.slice(0, LONGEST_NAME))}]`;
    else text += text === "" ? part : `.${part}`;
  }
  return text;
}

/** The value at a path of a parsed JSON value; undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let value: unknown = root;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** What was given, short enough for an error message; a caller may have sent megabytes. */
export function shortValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string" && value.length > LONGEST_SHOWN)
    return `${JSON.stringify(value.slice(0, LONGEST_SHOWN))}...`;
  return JSON.stringify(value) ?? typeof value;
}

/** Whether a parsed JSON value is an object (not null, not an array). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
