import { describe, expect, it } from "vitest";

import { MemwellError } from "../../../lib/errors";
import { parseResumeQuery } from "../../../lib/wire/chat-call-resume";

const parse = (query: string, header: string | null) => parseResumeQuery(new URLSearchParams(query), header);

describe("the query of a stream that goes on", () => {
  it.each([
    ["", null, {}],
    ["run=&after=", "", {}],
    ["run=r-1_A&after=0", null, { run: "r-1_A", after: 0 }],
    ["after=7", "12", { after: 12 }],
    ["after=7", "0", { after: 0 }],
    ["after=9007199254740991&other=1", null, { after: Number.MAX_SAFE_INTEGER }],
  ])('"%s" with the header %o', (query, header, expected) => expect(parse(query, header)).toEqual(expected));

  it.each([
    ["run=a%2Fb", null, "run"],
    [`run=${"r".repeat(65)}`, null, "run"],
    ["after=-1", null, "after"],
    ["after=1.5", null, "after"],
    ["after=1e3", null, "after"],
    ["after=0x1", null, "after"],
    ["after=9007199254740993", null, "after"],
    ["after=%D9%A1", null, "after"],
    ["", "abc", "Last-Event-ID"],
    ["after=1", "-1", "Last-Event-ID"],
    ["after=1", "99999999999999999999", "Last-Event-ID"],
  ])('"%s" with the header %o is refused by name', (query, header, parameter) => {
    expect(() => parse(query, header)).toThrow(MemwellError);
    expect(() => parse(query, header)).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        fields: expect.objectContaining({ parameter }) as object,
      }) as Error,
    );
  });
});
