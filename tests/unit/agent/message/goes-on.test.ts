import { describe, expect, it } from "vitest";
import { goesOn } from "../../../../lib/agent/message";
import { ANOTHER_QUESTION, SAY_IT_SIMPLER, STILL_CONFUSED } from "../../../../training/data/frames/other-wishes";

describe("a message that goes on with what was before it", () => {
  it.each([
    "why?",
    "And then?",
    "go on",
    "?",
    "…",
    "yes please",
    "can you give me another example?",
    "What do you mean?",
  ])("names nothing new: %s", (message) => expect(goesOn(message)).toBe(true));

  it("is most of what students say after an answer", () => {
    const said = [...STILL_CONFUSED, ...SAY_IT_SIMPLER, ...ANOTHER_QUESTION];
    expect(said.filter((message) => !goesOn(message))).toEqual(["give me an example from daily life", "like I'm five"]);
  });

  it.each([
    "Why did Rome fall?",
    "what is a margin?",
    "quiz me on fractions",
    "how do I price a product",
    "explain photosynthesis again",
    "я не понимаю",
    "why ".repeat(40),
  ])("is none that names something, or is long: %s", (message) => expect(goesOn(message)).toBe(false));
});
