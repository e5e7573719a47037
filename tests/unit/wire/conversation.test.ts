import { describe, expect, it } from "vitest";

import { conversationMarkdown, encodeConversation, encodeConversationList, type KeptRun } from "../../../lib/wire";
import type { KeptConversation } from "../../../lib/wire/conversation";

const AT = Date.UTC(2026, 10, 22, 8, 43, 6, 250);
const said = (
  id: string,
  parentId: string | null,
  role: "user" | "assistant",
  text: string,
  extra: unknown = null,
) => ({
  id,
  parentId,
  role,
  text,
  extra,
  createdAt: AT,
});
const tree = (more: Partial<KeptConversation> = {}): KeptConversation => ({
  id: "c1",
  title: "Fractions",
  createdAt: 1,
  updatedAt: 2,
  messageCount: 5,
  messages: [
    said("q1", null, "user", "What is 1/2?"),
    said("a1", "q1", "assistant", "A half."),
    said("a2", "q1", "assistant", "Half of one."),
    said("q2", "a1", "user", "And 1/4?"),
    said("q3", null, "user", "Something else"),
  ],
  activeLeaf: "q2",
  ...more,
});
const run = (id: string, assistantMessage: string, outcome: KeptRun["outcome"]): KeptRun => ({
  id,
  assistantMessage,
  outcome,
  beganAt: 7,
  error: null,
});

describe("a conversation as a page shows it again", () => {
  it("has the messages of its active branch, each with those it can be switched for", () => {
    const body = encodeConversation(tree(), [], []);
    expect(body).toMatchObject({
      id: "c1",
      title: "Fractions",
      created_at: 1,
      updated_at: 2,
      message_count: 5,
      run: null,
    });
    expect(body.messages.map(({ id }) => id)).toEqual(["q1", "a1", "q2"]);
    expect(body.details.map(({ id, siblings }) => [id, siblings])).toEqual([
      ["q1", ["q1", "q3"]],
      ["a1", ["a1", "a2"]],
      ["q2", ["q2"]],
    ]);
    expect(encodeConversation(tree({ activeLeaf: "q3" }), [], []).messages.map(({ id }) => id)).toEqual(["q3"]);
  });

  it("without messages has none", () => {
    const body = encodeConversation(tree({ messages: [], activeLeaf: null }), [], []);
    expect(body).toMatchObject({ messages: [], details: [], run: null });
  });

  it("says which run writes in it, and what its visitor thinks", () => {
    const runs = [run("r1", "a1", "done"), run("r2", "a2", null)];
    const feedback = [{ message: "a1", rating: "dislike" as const, comment: "Too short", updatedAt: 9 }];
    const body = encodeConversation(tree(), runs, feedback);
    expect(body.run).toBe("r2");
    expect(body.messages[1]).toMatchObject({
      metadata: { run: "r1", conversation: "c1", userMessage: "q1", beganAt: 7 },
    });
    expect(body.details.map((each) => each.feedback)).toEqual([
      null,
      { rating: "dislike", comment: "Too short", updated_at: 9 },
      null,
    ]);
  });

  it("is shown at once with five thousand messages, all in one branch or all side by side", () => {
    for (const parentOf of [(index: number) => (index === 0 ? null : `m${index - 1}`), () => null]) {
      const messages = Array.from({ length: 5_000 }, (_, index) => said(`m${index}`, parentOf(index), "user", "Hello"));
      const body = encodeConversation(tree({ messages, activeLeaf: "m4999" }), [], []);
      expect(body.details.flatMap(({ siblings }) => siblings)).toHaveLength(5_000);
    }
  });

  it("stands in a list without its messages", () => {
    const { conversations, next } = encodeConversationList({ conversations: [tree()], next: "cursor" });
    expect(conversations).toEqual([{ id: "c1", title: "Fractions", created_at: 1, updated_at: 2, message_count: 5 }]);
    expect(next).toBe("cursor");
  });
});

describe("a conversation as Markdown", () => {
  it("has its title, and each message of the branch that is shown as it is", () => {
    const calculation = {
      step: 2,
      call: "calculator-1",
      tool: "calculator",
      text: "1/2 =\n0.5",
      input: {},
      display: null,
    };
    const failed = { ...calculation, call: "x", tool: "create_graph", text: null };
    const error = { code: "tool_failed", message: "No chart.", fields: {} };
    const extra = { thoughts: [{ step: 1, kind: "math", text: "Secret" }], tools: [calculation, { ...failed, error }] };
    const messages = [
      said("q1", null, "user", "# Not *my* heading\n\n<b>x</b>"),
      said("a1", "q1", "assistant", "$\\frac{1}{2}$\n\n- one", extra),
      said("a2", "q1", "assistant", "Not shown"),
    ];
    const text = conversationMarkdown(tree({ title: "Two\n# lines", messages, activeLeaf: "a1" }));
    expect(text).toBe(
      [
        "# Two # lines",
        "## User, 2026-11-22 08:43:06 UTC",
        "# Not *my* heading\n\n<b>x</b>",
        "## Assistant, 2026-11-22 08:43:06 UTC",
        "- calculator: 1/2 = 0.5\n- create_graph: No chart.",
        "$\\frac{1}{2}$\n\n- one\n",
      ].join("\n\n"),
    );
  });

  it.each<[string, Partial<KeptConversation>, string]>([
    ["nothing in it", { title: "", messages: [], activeLeaf: null }, "\n"],
    [
      "an answer that is still empty",
      { messages: [said("a1", null, "assistant", "")], activeLeaf: "a1" },
      "# Fractions\n\n## Assistant, 2026-11-22 08:43:06 UTC\n",
    ],
    [
      "a message from the end of time",
      { title: "", messages: [{ ...said("q1", null, "user", "Hi"), createdAt: 8.64e15 }], activeLeaf: "q1" },
      "## User, +275760-09-13 00:00:00 UTC\n\nHi\n",
    ],
  ])("with %s is a text too", (_, more, text) => {
    expect(conversationMarkdown(tree(more))).toBe(text);
  });
});
