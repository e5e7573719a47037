import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureFixtureModel } from "../fixtures/models";
import {
  ChildSource,
  collect,
  EngineProcess,
  isRunning,
  loadSettings,
  shortTimeouts,
  temporaryFolder,
  until,
} from "./support";

/** Children that really misbehave: each fault ends in a typed error in bounded time, and the next request works. */
const folder = temporaryFolder();
let modelPath: string;
let marks = 0;

beforeAll(async () => {
  modelPath = await ensureFixtureModel("tiny");
});

function engineWith(program: string): EngineProcess {
  const script = resolve("tests/fixtures/children", program);
  const source = new ChildSource(
    { file: process.execPath, args: [script, resolve(folder, `mark-${marks++}`)] },
    { keepSpare: false, graceMs: shortTimeouts.graceMs },
  );
  return new EngineProcess(loadSettings(modelPath), source, shortTimeouts);
}

const request = { prompt: { text: "hello" } };

describe("a child that fails while it answers", () => {
  it.each([
    ["crashes-mid-token.mjs", "engine_crashed", { exitCode: 1, signal: null }, "tensor fell over"],
    ["dies-by-signal.mjs", "engine_crashed", { exitCode: null, signal: "SIGSEGV" }, ""],
    ["floods.mjs", "engine_protocol", { signal: "SIGKILL" }, "a message without an end"],
    ["floods-events.mjs", "engine_protocol", { signal: "SIGKILL" }, "which is not open"],
    ["speaks-garbage.mjs", "engine_protocol", { signal: "SIGKILL" }, "not a message"],
  ])("%s: the answer ends with %s, and the next request is answered", async (program, code, fields, lastWords) => {
    const engine = engineWith(program);
    try {
      const broken = await collect(engine.generate(request));
      expect(broken.text).toBe("half an ans");
      expect(broken.failed?.error).toMatchObject({ code, fields });
      expect((broken.failed?.error.fields["logTail"] as string[]).join("\n")).toContain(lastWords);
      expect(engine.state).toBe("stopped");

      const next = await collect(engine.generate(request));
      expect(next.done?.finishReason).toBe("stop");
    } finally {
      await engine.close();
    }
  });
});

describe("a child that hangs", () => {
  it("is ended when it does not answer an abort, and the next request is answered", async () => {
    const engine = engineWith("ignores-abort.mjs");
    try {
      const abort = new AbortController();
      const events = engine.generate(request, { signal: abort.signal });
      const broken = await collect(
        (async function* () {
          for await (const event of events) {
            if (event.type === "text") abort.abort();
            yield event;
          }
        })(),
      );
      expect(broken.failed?.error.code).toBe("engine_protocol");
      const next = await collect(engine.generate(request));
      expect(next.done?.finishReason).toBe("stop");
    } finally {
      await engine.close();
    }
  });
});

describe("a child that hangs over a context", () => {
  const context = { name: "another", adapter: null };

  it.each([
    ["to be opened", (engine: EngineProcess) => engine.openContext(context)],
    ["to be closed", (engine: EngineProcess) => engine.closeContext("base", 0)],
  ])("%s: who waits is told, it is ended, and the next request is answered", async (_what, change) => {
    const engine = engineWith("never-changes-contexts.mjs");
    try {
      await engine.ensureReady();
      await expect(change(engine)).rejects.toMatchObject({ code: "engine_start_timeout" });
      await until(() => engine.state === "stopped", 30_000);
      const next = await collect(engine.generate(request));
      expect(next.done?.finishReason).toBe("stop");
    } finally {
      await engine.close();
    }
  });
});

describe("a child that floods somebody who reads slowly", () => {
  it("is ended before its text fills the memory", async () => {
    const engine = engineWith("floods-text.mjs");
    try {
      const events = engine.generate(request);
      for (let event = await events.next(); !event.done && event.value.type !== "text";) event = await events.next();
      await until(() => engine.state === "stopped", 30_000);
      const rest = await collect(events);
      expect(rest.failed?.error.code).toBe("engine_protocol");
    } finally {
      await engine.close();
    }
  });
});

describe("a child that fails to start", () => {
  it.each([
    ["exits-at-start.mjs", "engine_start_failed"],
    ["never-ready.mjs", "engine_start_timeout"],
    ["never-loads.mjs", "engine_start_timeout"],
  ])("%s: the start ends with %s, nothing keeps running, and the next request is answered", async (program, code) => {
    const engine = engineWith(program);
    try {
      const starting = engine.ensureReady();
      await expect(starting).rejects.toMatchObject({ code });
      expect(engine.state).toBe("stopped");
      expect(engine.pid).toBeNull();

      const next = await collect(engine.generate(request));
      expect(next.done?.finishReason).toBe("stop");
    } finally {
      await engine.close();
    }
  });

  it("a program that does not exist is a typed error with the reason", async () => {
    const source = new ChildSource({ file: "/no/such/program", args: [] }, { keepSpare: false, graceMs: 500 });
    const engine = new EngineProcess(loadSettings(modelPath), source, shortTimeouts);
    await expect(engine.ensureReady()).rejects.toMatchObject({ code: "engine_start_failed" });
    await engine.close();
  });
});

describe("a child that ignores SIGTERM", () => {
  it("is killed by stop, and started again by the next request", async () => {
    const engine = engineWith("ignores-sigterm.mjs");
    try {
      await engine.ensureReady();
      const pid = engine.pid as number;
      await engine.stop();
      expect(engine.state).toBe("stopped");
      expect(isRunning(pid)).toBe(false);

      const next = await collect(engine.generate(request));
      expect(next.done?.finishReason).toBe("stop");
    } finally {
      await engine.close();
    }
    expect(engine.state).toBe("closed");
  });
});

describe("calls in every state", () => {
  it("several callers join one start", async () => {
    const engine = engineWith("ignores-sigterm.mjs");
    const infos = await Promise.all([engine.ensureReady(), engine.ensureReady(), engine.ensureReady()]);
    expect(new Set(infos.map((info) => info.pid)).size).toBe(1);
    await engine.close();
  });

  it("a stop in the middle of a start cancels it for everyone who waits", async () => {
    const engine = engineWith("never-loads.mjs");
    const starting = engine.ensureReady();
    const rejected = expect(starting).rejects.toMatchObject({ code: "engine_stopped" });
    await engine.stop();
    await rejected;
    expect(engine.state).toBe("stopped");
    await engine.close();
  });

  it("a request that arrives while the engine stops waits and gets a new process", async () => {
    const engine = engineWith("ignores-sigterm.mjs");
    const { pid } = await engine.ensureReady();
    const stopping = engine.stop();
    expect(engine.state).toBe("stopping");
    const info = await engine.ensureReady();
    await stopping;
    expect(info.pid).not.toBe(pid);
    await engine.close();
  });

  it("a caller that gives up leaves the start to the others", async () => {
    const engine = engineWith("ignores-sigterm.mjs");
    const abort = new AbortController();
    const impatient = engine.ensureReady({ signal: abort.signal });
    const rejected = expect(impatient).rejects.toMatchObject({ code: "aborted" });
    const patient = engine.ensureReady();
    abort.abort();
    await rejected;
    await expect(patient).resolves.toMatchObject({ name: "misbehaving" });
    await engine.close();
  });

  it("after close every call says so, and closing again is fine", async () => {
    const engine = engineWith("ignores-sigterm.mjs");
    await engine.ensureReady();
    await Promise.all([engine.close(), engine.close()]);
    await expect(engine.ensureReady()).rejects.toMatchObject({ code: "engine_closed" });
    const refused = await collect(engine.generate(request));
    expect(refused.failed?.error.code).toBe("engine_closed");
  });
});
