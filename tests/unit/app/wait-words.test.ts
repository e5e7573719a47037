import { describe, expect, it } from "vitest";
import { parseWaitComment, type Wait } from "../../../app/_chat/progress";
import { announceWait, describeWait } from "../../../app/_chat/wait-words";
import { encodeWait, type WaitNotice } from "../../../lib/wire";

const queued = (changes: Partial<Extract<Wait, { type: "queued" }>> = {}): Wait => ({
  type: "queued",
  position: 2,
  expectedAt: 40_000,
  reason: "busy",
  models: ["small-reasoner"],
  ...changes,
});
const words = (wait: Wait, now = 0) => describeWait(wait, "tutor", now);

describe("a wait in words", () => {
  it("says the position, the time, and what it waits for", () => {
    expect(words(queued())).toBe("Position 2 in the queue, about 40 s: waiting for small-reasoner to finish");
    expect(words(queued({ reason: "stop" }))).toContain("waiting for small-reasoner to leave memory");
    expect(words(queued({ reason: "stop", models: [] }))).toContain("waiting for room in memory");
    expect(words(queued({ reason: "load" }))).toContain("waiting while small-reasoner is loaded");
    expect(words(queued({ reason: "turn", models: ["a", "b"] }))).toContain("waiting for earlier requests for a and b");
    expect(words(queued({ reason: "footprint" }))).toContain("looking at the model's size");
  });

  it("counts down as time passes, and says nothing of a time that is over or not known", () => {
    expect(words(queued(), 12_000)).toContain("about 30 s");
    expect(words(queued(), 35_000)).toContain("about 5 s");
    expect(words(queued(), 41_000)).toBe("Position 2 in the queue: waiting for small-reasoner to finish");
    expect(words(queued({ expectedAt: null }))).not.toContain("about");
    expect(words(queued({ expectedAt: 170_000 }))).toContain("about 3 min");
  });

  it("says how far a download is, what was chosen, and what goes wrong", () => {
    const fetching = (progress: Extract<WaitNotice, { type: "fetching" }>["progress"]) => {
      const [comment = ""] = encodeWait({ type: "fetching", progress }).split("\n");
      const wait = parseWaitComment(comment.replace(/^:/, ""));
      if (wait === null) throw new Error(`no wait: ${comment}`);
      return words(wait);
    };
    const progress = { total_size: 4_900_000_000, total_received: 1_200_000_000, bytes_per_second: 45_000_000 };
    expect(fetching({ type: "downloading", ...progress, remaining_ms: 82_000 })).toBe(
      "Downloading tutor: 1.2 GB of 4.9 GB, 45 MB a second, about 2 min",
    );
    expect(fetching({ type: "downloading", ...progress, bytes_per_second: 0, remaining_ms: null })).toBe(
      "Downloading tutor: 1.2 GB of 4.9 GB",
    );
    expect(fetching({ type: "resolving" })).toBe("Asking the Hugging Face Hub for tutor");
    expect(fetching({ type: "chosen", reason: "Q6_K fits.", bytes: 1 })).toBe("Q6_K fits.");
    expect(fetching({ type: "waiting" })).toContain("another process downloads tutor");
    expect(fetching({ type: "verifying" })).toBe("Checking the download of tutor");
    expect(fetching({ type: "retrying", error: { message: "The Hub is busy." }, wait_ms: 1 })).toContain(
      "The Hub is busy.",
    );
  });

  it("says how far a load is", () => {
    expect(words({ type: "loading", stage: "model", percent: 63 })).toBe("Loading tutor: 63 %");
    expect(words({ type: "loading", stage: "process", percent: 0 })).toBe("Starting tutor");
    expect(words({ type: "loading", stage: "adapter", percent: 5 })).toBe("Loading the adapter of tutor: 5 %");
    expect(words({ type: "loading", stage: "context", percent: 0 })).toBe("Preparing the memory of tutor");
  });
});

describe("what a screen reader is told of a wait", () => {
  const said = (wait: Wait, before: Wait | null) => announceWait(wait, before, "tutor", 0);
  const loading: Wait = { type: "loading", stage: "model", percent: 10 };

  it("is a new position and the beginning of a load, not every second and every percent", () => {
    expect(said(queued(), null)).toContain("Position 2 in the queue, about 40 s");
    expect(said(queued({ expectedAt: 30_000 }), queued())).toBeNull();
    expect(said(queued({ position: 1 }), queued())).toContain("Position 1");
    expect(said(loading, queued())).toBe("tutor is being loaded.");
    expect(said({ ...loading, percent: 20 }, loading)).toBeNull();
    expect(said(queued({ reason: "footprint" }), null)).toBeNull();
    expect(said(queued(), queued({ reason: "footprint" }))).not.toBeNull();
  });
});

describe("a wait over the wire", () => {
  const comment = (notice: WaitNotice) => encodeWait(notice).slice(2).trim();

  it("comes out as it went in", () => {
    const waitingFor = { reason: "busy", models: ['an "odd"\nid'] };
    expect(parseWaitComment(comment({ type: "queued", position: 2, waitingFor, estimateMs: 40_000 }), 1_000)).toEqual({
      type: "queued",
      position: 2,
      expectedAt: 41_000,
      ...waitingFor,
    });
    const unknown: WaitNotice = { type: "queued", position: 1, waitingFor, estimateMs: null };
    expect(parseWaitComment(comment(unknown))).toMatchObject({ expectedAt: null });
    const loading: WaitNotice = { type: "loading", progress: { stage: "model", fraction: 0.634 } };
    expect(parseWaitComment(comment(loading))).toEqual({ type: "loading", stage: "model", percent: 63 });
  });

  it("is not read from other comments", () => {
    for (const other of ["waiting", "prefill 5/9", "queued", "queued {", "loading {broken}"])
      expect(parseWaitComment(other)).toBeNull();
  });
});

describe("a wait of the agent", () => {
  const load = (role: "reasoning" | "response", percent: number): Wait => ({
    type: "loading",
    stage: "model",
    percent,
    role,
  });

  it("names the model that it waits for by its role", () => {
    const comment = encodeWait(
      { type: "loading", progress: { stage: "model", fraction: 0.63 } },
      { role: "reasoning" },
    );
    const wait = parseWaitComment((comment.split("\n")[0] ?? "").replace(/^:/, ""));
    expect(wait).toEqual(load("reasoning", 63));
    expect(words(load("reasoning", 63))).toBe("Loading the reasoning model: 63 %");
  });

  it("is told to a screen reader once for each model", () => {
    const said = (wait: Wait, before: Wait | null) => announceWait(wait, before, "memwell", 0);
    expect(said(load("reasoning", 10), null)).toBe("The reasoning model is being loaded.");
    expect(said(load("reasoning", 20), load("reasoning", 10))).toBeNull();
    expect(said(load("response", 10), load("reasoning", 20))).toBe("The response model is being loaded.");
  });
});
