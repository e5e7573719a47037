import { describe, expect, it } from "vitest";
import { chooseForm, DEFAULT_LIBRARY, LIBRARIES, libraryNamed } from "../../../../lib/agent/prompts";
import { estimateTokens, TEXT_BUDGETS } from "../../../../lib/agent/prompts/budgets";
import { reasoningInstructions } from "../../../../lib/agent/prompts/reasoning-prefix";
import { MemwellError } from "../../../../lib/errors";

const FORMS = ["full", "compact"] as const;

describe.each(LIBRARIES.map((library) => [library.name, library] as const))("the library %s", (_name, library) => {
  const segments = [library.identity, ...Object.values(library.segments).filter((segment) => segment !== null)];
  const notes = Object.values(library.thinking).filter((kind) => kind !== null);

  it.each(FORMS)("keeps each text within its tokens in the %s form", (form) => {
    const lengths = [
      ["identity", "identity", library.identity[form]],
      ...segments.slice(1).map((segment) => ["segment", segment.id, segment[form]] as const),
      ...[...library.decisions, library.domain(["arts"])].map(
        (question) => ["question", question.id, question[form]] as const,
      ),
      ...notes.map((kind) => ["thinking", kind.id, kind[form]] as const),
      ...notes.map((kind) => ["cue", kind.id, kind.cue[form]] as const),
      ["decisionInstructions", "all", reasoningInstructions(library, form)],
    ] as const;
    for (const [part, id, text] of lengths) {
      expect(text.trim(), id).toBe(text);
      expect(text, id).not.toBe("");
      expect(estimateTokens(text), `${part} ${id}`).toBeLessThanOrEqual(TEXT_BUDGETS[part][form]);
    }
  });

  it("tells of each text what it is for, when it is used, and its version", () => {
    for (const part of [...segments, ...notes]) {
      expect(part.purpose).toMatch(/\S/);
      expect(part.trigger).toMatch(/\S/);
      expect(part.version).toBeGreaterThanOrEqual(1);
    }
    expect(new Set(segments.map(({ id }) => id)).size).toBe(segments.length);
  });

  it.each(FORMS)("names every answer where it defines a question, in the %s form", (form) => {
    for (const question of library.decisions)
      for (const answer of Object.keys(question.answers))
        expect(question[form], question.id).toMatch(new RegExp(`\\b${answer}\\b`));
  });

  it("has answers that begin with different words, and no question twice", () => {
    for (const { answers } of library.decisions)
      expect(Object.keys(answers).every((one) => /^\w+$/.test(one))).toBe(true);
    expect(new Set(library.decisions.map(({ id }) => id)).size).toBe(library.decisions.length);
  });

  it("turns on only switches that say something, but for those of thinking", () => {
    const used = library.decisions.flatMap(({ answers }) => Object.values(answers).flat());
    const silent = used.filter((name) => library.segments[name] === null);
    expect(silent).toEqual(library.name === "plain" ? ["USER_UNDERSTANDING", "USER_UNDERSTANDING"] : []);
  });
});

describe("a library's name", () => {
  it.each(["tutor", "plain"])("finds %s", (name) => expect(libraryNamed(name).name).toBe(name));

  it("is the tutor's by default", () => expect(DEFAULT_LIBRARY).toBe("tutor"));

  it.each(["", "Tutor", "toString", "x".repeat(10_000)])(
    "that is unknown is refused with those there are: %s",
    (name) => {
      let error: unknown;
      try {
        libraryNamed(name);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(MemwellError);
      expect(error).toMatchObject({ code: "invalid_setting", fields: { names: ["tutor", "plain"] } });
      expect((error as MemwellError).message).toMatch(/tutor, plain\.$/);
      expect((error as MemwellError).message.length).toBeLessThan(200);
    },
  );
});

describe("the form of the prompts", () => {
  it.each([
    [512, 2_000_000, "compact"],
    [4095, 7_000_000_000, "compact"],
    [4096, 299_999_999, "compact"],
    [4096, 300_000_000, "full"],
    [8192, 135_000_000, "compact"],
    [8192, 1_100_000_000, "full"],
    [8192, null, "full"],
    [1024, null, "compact"],
  ])("of a model with %d tokens of context and %s parameters: %s", (contextSize, parameters, form) => {
    expect(chooseForm({ contextSize, parameters })).toBe(form);
  });
});
