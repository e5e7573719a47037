/** One line of a Dockerfile: `COPY --from=build /a /b` is `{ name: "COPY", flags: { from: "build" }, text: "/a /b" }`. */
export interface Instruction {
  name: string;
  flags: Record<string, string>;
  text: string;
}

export interface Stage {
  name: string;
  base: string;
  instructions: Instruction[];
}

export interface Dockerfile {
  /** What `ARG NAME=value` before the first `FROM` declares. */
  defaults: Record<string, string>;
  stages: Stage[];
}

/** Reads as much of the format as this project's Dockerfile uses. */
export function parseDockerfile(source: string): Dockerfile {
  const defaults: Record<string, string> = {};
  const stages: Stage[] = [];
  for (const line of logicalLines(source)) {
    const instruction = parseInstruction(line);
    const stage = stages.at(-1);
    if (instruction.name === "FROM") {
      const [base = "", , name = ""] = instruction.text.split(/\s+/);
      stages.push({ name, base, instructions: [] });
    } else if (stage) {
      stage.instructions.push(instruction);
    } else {
      Object.assign(defaults, parseAssignments(instruction.text));
    }
  }
  return { defaults, stages };
}

/** `A=1 B=two` as an object. */
export function parseAssignments(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(/\s+/).map((assignment) => {
      const [name = "", value = ""] = assignment.split(/=(.*)/s);
      return [name, value];
    }),
  );
}

/** `$NAME` and `${NAME}` replaced by what `values` says. */
export function expand(text: string, values: Record<string, string>): string {
  return text.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => values[name] ?? whole);
}

function logicalLines(source: string): string[] {
  return source
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .join("\n")
    .replace(/\\\n/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function parseInstruction(line: string): Instruction {
  const [name = "", ...words] = line.split(/\s+/);
  const flags: Record<string, string> = {};
  while (words[0]?.startsWith("--")) {
    const [flag = "", value = ""] = words.shift()!.slice(2).split(/=(.*)/s);
    flags[flag] = value;
  }
  return { name: name.toUpperCase(), flags, text: words.join(" ") };
}
