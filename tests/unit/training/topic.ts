import { mkdirSync, mkdtempSync, copyFileSync, writeFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll } from "vitest";
import { stringify } from "yaml";

/** A topic as its file has it, made up: whole, and as short as is allowed. */
export function topicFields(name: string) {
  const several = (count: number, what: string) =>
    Array.from({ length: count }, (_, index) => `${what} ${name} ${index}`);
  return {
    name,
    names: several(4, "named"),
    descriptions: several(5, "that which is like"),
    asks: several(10, "please tell all of"),
    held_out: several(6, "kept back"),
    explanation: `A **${name}** is a thing of which\nthere are two.\n\n- one: $a$\n- other: $b$\n`,
    simpler: `Think of a pair of ${name}.`,
    homework: several(4, "Find the value of"),
    first_step: `Let us look at ${name} together.`,
    practice: [
      {
        question: `What is ${name}?`,
        options: ["BB", "Bb", "bb", "none"],
        answer: "B",
        right: "Correct. It is.",
        wrong: "Not quite. Look again.",
      },
      {
        question: `How many ${name} are there?`,
        answer: "2",
        accept: ["2", "two"],
        mistakes: ["1", "3", "4"],
        right: "Correct. There are two.",
        wrong: "Not quite. Count them.",
      },
    ] as Record<string, unknown>[],
    notes: `${name} come in pairs`,
  };
}

/** A folder with topics and the talk of the project; removed at the end of the test file. */
export function curriculumOf(topics: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), "memwell-curriculum-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, fields] of Object.entries(topics)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), typeof fields === "string" ? fields : stringify(fields));
  }
  copyFileSync(resolve("training/curriculum/talk.yaml"), join(folder, "talk.yaml"));
  return folder;
}
