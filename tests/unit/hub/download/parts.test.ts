import { HubApiError } from "@huggingface/hub";
import fc from "fast-check";
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cut } from "../../../../lib/hub/download/fetch-file";
import { Intervals, type Interval } from "../../../../lib/hub/download/intervals";
import { namesLike } from "../../../../lib/hub/download/near-names";
import { PartialFile } from "../../../../lib/hub/download/partial-file";
import { showBlob } from "../../../../lib/hub/download/place";
import { decodeTrailer, encodeRecord, TRAILER_BYTES } from "../../../../lib/hub/download/trailer";
import { hubErrorOf, hubErrorOfAnswer } from "../../../../lib/hub/client/errors";
import { scratchFolder } from "../helpers";

const SIZE = 200;
const ETAG = "e".repeat(64);
const someIntervals = fc.array(
  fc.tuple(fc.nat(SIZE), fc.nat(SIZE)).map(([a, b]): Interval => (a < b ? [a, b] : [b, a])),
);

/** The same as a set of bytes, which is slow and plain. */
function bytesOf(intervals: readonly Interval[]): Set<number> {
  return new Set(intervals.flatMap(([start, end]) => Array.from({ length: end - start }, (_, index) => start + index)));
}

describe("which bytes are there", () => {
  it("agrees with a set of bytes, whatever arrives in whatever order", () => {
    fc.assert(
      fc.property(someIntervals, fc.nat(SIZE), (added, end) => {
        const there = new Intervals(added);
        const bytes = bytesOf(added);
        expect(there.total).toBe(bytes.size);
        expect(bytesOf(there.list)).toEqual(bytes);
        const missing = Array.from({ length: SIZE }, (_, index) => index).filter((index) => !bytes.has(index));
        expect(bytesOf(there.gaps(SIZE))).toEqual(new Set(missing));
        expect(there.frontier).toBe(missing[0] ?? SIZE);
        const cutAt = there.endWithout(end);
        there.clip(cutAt);
        expect(bytesOf(there.list)).toEqual(new Set([...bytes].filter((index) => index < cutAt)));
        expect(bytes.size - there.total).toBe(Math.min(bytes.size, end));
      }),
    );
  });

  it("cuts what is missing into pieces that are all of it, from its start on", () => {
    const size = 1_000_000_000;
    fc.assert(
      fc.property(
        fc.array(fc.nat(size), { minLength: 2, maxLength: 9 }),
        fc.integer({ min: 1, max: 16 }),
        (ends, connections) => {
          const sorted = [...new Set(ends)].sort((left, right) => left - right);
          const gaps = sorted.flatMap((start, index): Interval[] => {
            const end = sorted[index + 1];
            return index % 2 === 0 && end !== undefined ? [[start, end]] : [];
          });
          const pieces = cut(gaps, connections);
          expect(new Intervals(pieces).list).toEqual(gaps);
          expect(pieces.every(([start, end]) => start < end && end - start <= 64 * 1024 * 1024)).toBe(true);
        },
      ),
    );
  });
});

describe("the record of a partial file", () => {
  const trailerOf = (...records: { sequence: number; done: Interval[] }[]) => {
    const trailer = Buffer.alloc(TRAILER_BYTES);
    for (const { sequence, done } of records) {
      const { bytes, position } = encodeRecord({ size: SIZE, etag: ETAG, sequence, done: new Intervals(done) });
      bytes.copy(trailer, position - SIZE);
    }
    return trailer;
  };

  it("is read back, the newer one of two", () => {
    const trailer = trailerOf(
      { sequence: 4, done: [[0, 10]] },
      {
        sequence: 5,
        done: [
          [0, 20],
          [30, 40],
        ],
      },
    );
    expect(decodeTrailer(trailer, SIZE, ETAG)?.done.list).toEqual([
      [0, 20],
      [30, 40],
    ]);
  });

  it.each([
    ["about another size", SIZE + 1, ETAG],
    ["about another file", SIZE, "f".repeat(64)],
  ])("is none when it is %s", (_, size, etag) => {
    expect(decodeTrailer(trailerOf({ sequence: 4, done: [[0, 10]] }), size, etag)).toBeNull();
  });

  it("is none of either when any of its bytes is another", () => {
    const trailer = trailerOf({ sequence: 4, done: [[0, 10]] });
    const length = trailer.indexOf("\n");
    fc.assert(
      fc.property(fc.nat(length - 1), fc.integer({ min: 1, max: 255 }), (position, change) => {
        const damaged = Buffer.from(trailer);
        damaged[position] = (damaged[position] ?? 0) ^ change;
        expect(decodeTrailer(damaged, SIZE, ETAG)).toBeNull();
      }),
    );
  });

  it("keeps to its place however many pieces there are", () => {
    const done = new Intervals(Array.from({ length: 2000 }, (_, index): Interval => [index * 10, index * 10 + 5]));
    const { bytes } = encodeRecord({ size: 1e6, etag: ETAG, sequence: 1, done });
    const trailer = Buffer.alloc(TRAILER_BYTES);
    bytes.copy(trailer);
    const list = decodeTrailer(trailer, 1e6, ETAG)?.done.list ?? [];
    expect(list.length).toBeGreaterThan(100);
    expect(list).toEqual(done.list.slice(0, list.length));
  });

  it("never takes bytes past the end of the file", async () => {
    const file = await PartialFile.open(join(scratchFolder(), "x"), SIZE, ETAG);
    await expect(file.write(SIZE - 1, [Buffer.from("ab")], 2)).rejects.toThrow(RangeError);
    await file.close();
  });
});

describe("a cache on a file system without links", () => {
  const noLinks = () => Promise.reject(Object.assign(new Error("no links here"), { code: "EPERM" }));

  it.each([
    ["moves a new blob into the snapshot", true],
    ["copies a blob that another revision may need", false],
  ])("%s", async (_, isNew) => {
    const folder = scratchFolder();
    const [blob, shown] = [join(folder, "blobs", ETAG), join(folder, "snapshots/c/model.gguf")];
    for (const path of ["blobs", "snapshots/c"]) mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(blob, "content");
    await showBlob(blob, shown, isNew, noLinks);
    expect(readFileSync(shown, "utf8")).toBe("content");
    expect(lstatSync(shown).isFile()).toBe(true);
    expect(lstatSync(blob, { throwIfNoEntry: false }) === undefined).toBe(isNew);
  });
});

describe("what went wrong, from what @huggingface/hub and the network throw", () => {
  const subject = { endpoint: "https://hub.example", repo: { repo_type: "model" as const, repo_id: "org/name" } };

  it.each([
    [new HubApiError("https://hub.example/api", 404), "repo_not_found"],
    [new HubApiError("https://hub.example/api", 429), "hub_rate_limited"],
    [new HubApiError("https://hub.example/api", 502), "hub_unavailable"],
    [new HubApiError("https://hub.example/api", 400), "hub_refused"],
    [new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ENOTFOUND" }) }), "hub_unavailable"],
    [Object.assign(new Error("x"), { code: "UND_ERR_BODY_TIMEOUT" }), "hub_unavailable"],
    [Object.assign(new Error("x"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" }), "hub_unavailable"],
    [Object.assign(new TypeError("x"), { code: "ERR_INVALID_URL" }), "hub_refused"],
    [Object.assign(new Error("x"), { code: "UND_ERR_INVALID_ARG" }), "hub_refused"],
    [Object.assign(new Error("x"), { code: "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH" }), "hub_refused"],
    [new DOMException("stopped", "AbortError"), "aborted"],
    [new SyntaxError("Unexpected token < in JSON"), "hub_refused"],
  ])("%s is %s", (thrown, code) => {
    expect(hubErrorOf(thrown, subject).code).toBe(code);
  });

  it.each(["constructor", "toString", "__proto__", "NoSuchCode"])("takes the status where the code is %s", (code) => {
    const answer = { status: 503, headers: { "x-error-code": code }, url: "https://hub.example/" };
    expect(hubErrorOfAnswer(answer, subject).code).toBe("hub_unavailable");
  });

  it("keeps signatures and control characters out of what is shown", () => {
    const error = hubErrorOfAnswer(
      {
        status: 400,
        headers: { "x-error-message": "no\u001b[31m\nno" },
        url: "https://cdn.example/a?Signature=secret",
      },
      subject,
    );
    expect(JSON.stringify(error.toRecord()) + error.message).not.toMatch(/secret|\\u001b|\\n/);
  });

  it.each([
    ["7", 7000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ])("reads Retry-After: %s", (header, expected) => {
    const answer = { status: 429, headers: { "retry-after": header }, url: "https://hub.example/" };
    expect(hubErrorOfAnswer(answer, subject).fields["retry_after_ms"]).toBe(expected);
  });

  it("reads the Hub's own rate limit header", () => {
    const answer = { status: 429, headers: { ratelimit: '"api";r=0;t=55' }, url: "https://hub.example/" };
    expect(hubErrorOfAnswer(answer, subject).fields["retry_after_ms"]).toBe(55_000);
  });
});

it("finds the names most like one that is missing", () => {
  const names = ["README.md", "model.Q4_K_M.gguf", "model.Q5_K_M.gguf", "model.Q8_0.gguf", "config.json"];
  expect(namesLike("model-q4_k_m.gguf", names)[0]).toBe("model.Q4_K_M.gguf");
  expect(namesLike("zzz", names)).toEqual([]);
});
