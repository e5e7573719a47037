import { describe, expect, it } from "vitest";

import {
  attachmentHeader,
  parseConversationChange,
  parseConversationQuery,
  parseExportFormat,
  parseFeedback,
} from "../../../lib/wire";

const query = (text: string) => parseConversationQuery(new URLSearchParams(text));
const formatOf = (text: string) => parseExportFormat(new URLSearchParams(text));

describe("what a page asks of conversations", () => {
  it.each<[string, unknown, unknown]>([
    ["the first page", query(""), {}],
    ["parameters left empty", query("search=&after=&limit="), {}],
    [
      "a search on the second page",
      query("search=1%2F2&after=abc&limit=20"),
      { search: "1/2", after: "abc", limit: 20 },
    ],
    ["a new title", parseConversationChange({ title: "Fractions" }), { title: "Fractions" }],
    ["another branch", parseConversationChange({ active: "m-1" }), { active: "m-1" }],
    ["a like", parseFeedback({ rating: "like" }), { rating: "like", comment: "" }],
    [
      "a dislike with words",
      parseFeedback({ rating: "dislike", comment: "Why?" }),
      { rating: "dislike", comment: "Why?" },
    ],
    ["a comment of null", parseFeedback({ rating: "like", comment: null }), { rating: "like", comment: "" }],
    ["an export", formatOf(""), "json"],
    ["Markdown", formatOf("format=markdown"), "markdown"],
  ])("%s", (_, read, expected) => {
    expect(read).toEqual(expected);
  });

  it.each<[string, () => unknown, string, string]>([
    ["a page of none", () => query("limit=0"), "invalid_request", "limit"],
    ["a page of 201", () => query("limit=201"), "invalid_request", "limit"],
    ["a page of 1e2", () => query("limit=1e2"), "invalid_request", "limit"],
    ["a long search", () => query(`search=${"x".repeat(201)}`), "invalid_request", "search"],
    ["a long cursor", () => query(`after=${"x".repeat(501)}`), "invalid_request", "after"],
    ["a change of nothing", () => parseConversationChange({}), "invalid_request", "active"],
    ["a change of two things", () => parseConversationChange({ title: "a", active: "b" }), "invalid_request", "active"],
    ["a title that is a number", () => parseConversationChange({ title: 1 }), "invalid_request", "title"],
    ["a title that is null", () => parseConversationChange({ title: null }), "invalid_request", "title"],
    ["a branch with a path for a name", () => parseConversationChange({ active: "../x" }), "invalid_request", "active"],
    [
      "a field nobody reads",
      () => parseConversationChange({ title: "a", owner: "b" }),
      "unsupported_parameter",
      "owner",
    ],
    ["a change that is a list", () => parseConversationChange([]), "invalid_request", "the body"],
    ["a rating of stars", () => parseFeedback({ rating: 5 }), "invalid_request", "rating"],
    ["a comment that is a list", () => parseFeedback({ rating: "like", comment: [] }), "invalid_request", "comment"],
    ["feedback of nothing", () => parseFeedback(null), "invalid_request", "the body"],
    ["feedback with more", () => parseFeedback({ rating: "like", stars: 5 }), "unsupported_parameter", "stars"],
    ["an export as PDF", () => formatOf("format=pdf"), "invalid_request", "format"],
  ])("%s is refused by name", (_, read, code, parameter) => {
    expect(read).toThrow(expect.objectContaining({ code, fields: expect.objectContaining({ parameter }) }));
  });
});

describe("the name of an exported file", () => {
  it.each([
    ["plain words", "What is 1 half?", "What is 1 half.md", "What%20is%201%20half.md"],
    ["a path", "../../etc/passwd", "etc passwd.md", "etc%20passwd.md"],
    [
      "a quote and a new header",
      'a"; x=\r\nSet-Cookie: b=1',
      "a ; x= Set-Cookie b=1.md",
      "a%20%3B%20x%3D%20Set-Cookie%20b%3D1.md",
    ],
    ["letters beyond ASCII", "Brüche (50%)", "Br_che (50_).md", "Br%C3%BCche%20%2850%25%29.md"],
    ["letters that turn a name round", "gpj\u202Eexe", "gpj exe.md", "gpj%20exe.md"],
    ["half a letter", "a\uD83Db", "a b.md", "a%20b.md"],
    ["nothing", "", "conversation.md", "conversation.md"],
    ["dots only", "...", "conversation.md", "conversation.md"],
    ["a device", "nul.txt", "_nul.txt.md", "_nul.txt.md"],
  ])("made of %s can be kept anywhere", (_, title, ascii, encoded) => {
    expect(attachmentHeader(title, "md")).toBe(`attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`);
  });

  it("is never long, and always a header that can be sent", () => {
    for (const letter of ["x", "漢", "😀", "é"]) {
      const header = attachmentHeader(letter.repeat(5_000), "json");
      expect(new Headers({ "content-disposition": header }).get("content-disposition")).toBe(header);
      const name = decodeURIComponent(header.split("''")[1] ?? "");
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      expect(name).toMatch(/^(.)\1{59}\.json$/u);
    }
  });
});
