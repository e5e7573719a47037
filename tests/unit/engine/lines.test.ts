import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineDecoder, LogTail } from "../../../lib/engine/lines";

describe("LineDecoder", () => {
  it("gives the same lines however the bytes are cut", () => {
    const lines = fc.array(
      fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", " ")),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(lines, fc.array(fc.nat(20), { maxLength: 40 }), (wanted, cuts) => {
        const decoder = new LineDecoder(1_000_000);
        let rest = Buffer.from(wanted.map((line) => `${line}\n`).join(""));
        const got: string[] = [];
        for (const cut of [...cuts, Infinity]) {
          got.push(...(decoder.push(rest.subarray(0, cut)) ?? ["too long"]));
          rest = rest.subarray(Math.min(cut, rest.length));
        }
        expect(got).toEqual(wanted.map((line) => Buffer.from(line).toString("utf8")));
      }),
    );
  });

  it("gives up on a line that does not end", () => {
    const decoder = new LineDecoder(10);
    expect(decoder.push(Buffer.from("12345"))).toEqual([]);
    expect(decoder.push(Buffer.from("678901"))).toBeNull();
  });

  it("allows a line of exactly the longest length", () => {
    expect(new LineDecoder(5).push(Buffer.from("12345\n"))).toEqual(["12345"]);
  });
});

describe("LogTail", () => {
  it("keeps the last lines, the unfinished one included, and cuts long ones", () => {
    const log = new LogTail(3, 10);
    log.push(Buffer.from("one\ntwo\n\nthree\nfour is very long\nfi"));
    log.push(Buffer.from("ve"));
    expect(log.tail()).toEqual(["three", "four is ve", "five"]);
  });

  it("stays small whatever is printed", () => {
    const log = new LogTail();
    for (let i = 0; i < 1000; i++) log.push(Buffer.alloc(10_000, 120));
    expect(log.tail().join("").length).toBeLessThanOrEqual(400 * 20);
  });
});
