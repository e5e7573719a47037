import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import type { TurnEvent } from "../../lib/cli/chat-events";
import { ensureFixtureModel } from "../fixtures/models";
import { temporaryFolder } from "./support";

/** `memwell chat` as it is built, with real models, which speak nonsense. */
const folder = temporaryFolder();
const QUESTION = "What is 3/4 + 1/8?";
const FEW_THOUGHTS = ["--max-thought-tokens", "8"];
const FEW_TOKENS = ["--max-tokens", "12", "--seed", "7", ...FEW_THOUGHTS];
const environment: Record<string, string> = { MEMWELL_THREADS: "1", NO_COLOR: "1" };
/** The models by their own ids. */
let [response, reasoning] = ["", ""];

beforeAll(async () => {
  environment["MEMWELL_RESPONSE_MODEL"] = await ensureFixtureModel("small");
  environment["MEMWELL_REASONING_MODEL"] = await ensureFixtureModel("smallReasoning");
  const { stdout } = await start(["models", "ls", "--json"]);
  const { data } = JSON.parse(stdout) as { data: { id: string }[] };
  [response = "", reasoning = ""] = data.map(({ id }) => id);
});

/** What has been evaluated is kept in the folder `data`; in a fresh one, all is evaluated anew. */
function start(commandArguments: string[], { input = "", data = "data" } = {}) {
  const dataDir = join(folder, data);
  mkdirSync(dataDir, { recursive: true });
  return execa(process.execPath, [resolve("dist/cli.js"), ...commandArguments], {
    cwd: folder,
    env: { ...environment, MEMWELL_DATA_DIR: dataDir, PORT: "1" },
    reject: false,
    input,
  });
}

const chat = (...given: string[]) => start(["chat", ...given]);

function eventsIn(stdout: string): TurnEvent[] {
  return stdout.split("\n").map((line) => JSON.parse(line) as TurnEvent);
}

describe("a turn of the agent", () => {
  it("prints the answer on stdout, and on stderr each step, what came of it and what it cost", async () => {
    const { exitCode, stdout, stderr } = await chat("Why is 3/4 + 1/8 not 4/12?", ...FEW_TOKENS);
    expect(exitCode).toBe(0);
    const lines = stderr.split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ {2}rules +[\d.]+ m?s$/),
        expect.stringMatching(/^ {2}model reasoning +smallreasoning\S+, [\d.]+ MB {2}[\d.]+ m?s$/),
        expect.stringMatching(/^ {2}decision practice +\S+ \(.+\) {2}[\d.]+ m?s, \d+ of \d+ tokens read$/),
        expect.stringMatching(/^ {2}tool calculator +3\/4 \+ 1\/8 = 7\/8 = 0.875 {2}[\d.]+ m?s$/),
        "  thinking math:",
        expect.stringMatching(/^ {2}response +[\d.]+ m?s, \d+ of \d+ tokens read, \d+ written at [\d.]+ tokens\/s$/),
      ]),
    );
    expect(lines.at(-1)).toMatch(/^ {2}\d+ steps, [\d.]+ s, peak [\d.]+ MB, 0 swaps$/);
    expect(stdout.length).toBeGreaterThan(10);
    expect(stdout).not.toContain("  response");
    expect(stderr).not.toContain(stdout);
    // No terminal is there to be steered.
    expect(stdout + stderr).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it("prints one event a line with --json, the last one final, and nothing else", async () => {
    const { exitCode, stdout, stderr } = await chat(QUESTION, ...FEW_TOKENS, "--json");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const events = eventsIn(stdout);
    expect(events[0]).toMatchObject({ type: "step-start", name: "rules" });
    expect(events.some((event) => event.type === "wait" && event.wait.type === "loading")).toBe(true);
    expect(events.find((event) => event.type === "tool-result")).toMatchObject({
      tool: "calculator",
      text: expect.stringContaining("7/8"),
    });
    const shown = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
    expect(events.at(-1)).toMatchObject({ type: "done", text: shown });
  });

  it("prints the answer alone with --quiet, from a question on standard input", async () => {
    const { exitCode, stdout, stderr } = await start(["chat", "-", "--quiet", ...FEW_TOKENS], { input: QUESTION });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.length).toBeGreaterThan(10);
  });

  it("is the same for the same seed, as long as the same is evaluated; and heeds its other options", async () => {
    const ask = async (data: string, ...given: string[]) => {
      const { stdout } = await start(["chat", "Hello there", "--quiet", "--max-tokens", "12", ...given], { data });
      return stdout;
    };
    const first = await ask("first", "--seed", "3");
    expect(await ask("second", "--seed", "3")).toBe(first);
    const likeliest = await ask("third", "--temperature", "0", "--seed", "3");
    expect(likeliest).not.toBe(first);
    expect(await ask("fourth", "--temperature", "0", "--seed", "4")).toBe(likeliest);
    expect(await ask("fifth", "--temperature", "0", "--system", "Speak like a pirate.")).not.toBe(likeliest);
  });

  it.each([
    ["an empty message", "", "The message is empty."],
    ["one of 1 MB", "a".repeat(1e6), "the limit is 32000"],
  ])("refuses %s with 1, also in --json", async (_, message, refusal) => {
    const { exitCode, stdout, stderr } = await start(["chat", "-"], { input: message });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(refusal);
    const asJson = await start(["chat", "-", "--json"], { input: message });
    expect(asJson).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(refusal) });
    expect(eventsIn(asJson.stdout).at(-1)).toMatchObject({ type: "failed", error: { code: expect.any(String) } });
  });
});

describe("an answer that ends early", () => {
  /** The likeliest answer to this goes round in a circle. */
  const long = ["What is a fraction?", "--max-tokens", "3000", "--temperature", "0", "--max-thought-tokens", "0"];

  it("ends with 130 on Ctrl+C and says what was stopped", async () => {
    const running = chat(...long);
    // The first piece of the answer: both models are there.
    running.stdout.once("data", () => running.kill("SIGINT"));
    const { exitCode, stdout, stderr } = await running;
    expect(exitCode).toBe(130);
    expect(stdout.length).toBeGreaterThan(0);
    expect(stderr).toMatch(/\n {2}stopped: \d+ steps, .*$/);
  });

  it("ends with 130 on Ctrl+C while it thinks; the last event says so", async () => {
    const running = chat(QUESTION, "--seed", "1", "--json");
    let isStopped = false;
    // Once: a second Ctrl+C ends it at once.
    for await (const line of running) isStopped ||= line.startsWith('{"type":"thought"') && running.kill("SIGINT");
    const { exitCode, stdout, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: "" });
    expect(eventsIn(stdout).at(-1)).toMatchObject({ type: "failed", error: { code: "aborted" } });
  });

  it("ends quietly when nobody reads on", async () => {
    const running = chat(...long);
    running.stdout.once("data", () => running.stdout.destroy());
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/\n {2}stopped: \d+ steps, .*$/);
    expect(stderr).not.toContain("EPIPE");
  });
});

describe("one model alone", () => {
  it("answers without the agent's steps", async () => {
    const { exitCode, stdout, stderr } = await chat("Hello", "--model", response, "--max-tokens", "12");
    expect(exitCode).toBe(0);
    expect(stdout.length).toBeGreaterThan(10);
    expect(stderr).toMatch(/^Loading small\S+\n {2}response +[\d.]+ m?s, \d+ of \d+ tokens read, 12 written at .*$/);
  });

  it("prints its own events with --json", async () => {
    const { stdout } = await chat("Hello", "--model", response, "--max-tokens", "3", "--json");
    const types = eventsIn(stdout).map(({ type }) => type as string);
    expect(types).toContain("loading");
    expect(types.filter((type) => type !== "queued" && type !== "loading")[0]).toBe("prompt");
    expect(types.at(-1)).toBe("done");
  });

  it("keeps thinking apart from the answer", async () => {
    const { exitCode, stdout, stderr } = await chat(
      "Think",
      "--model",
      reasoning,
      "--max-tokens",
      "30",
      ...FEW_THOUGHTS,
    );
    expect(exitCode).toBe(0);
    const thought = /^ {2}thinking response:\n {4}(.+)$/m.exec(stderr)?.[1] ?? "";
    expect(thought.length).toBeGreaterThan(10);
    expect(stdout.length).toBeGreaterThan(10);
    expect(stdout).not.toContain(thought);
  });

  it("fails with 1 and says which models there are", async () => {
    const { exitCode, stdout, stderr } = await chat("Hello", "--model", "nobody");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(response);
    expect(stderr).toContain("memwell");
  });
});

describe("wrong usage", () => {
  it.each([
    [["chat"], "missing required argument"],
    [["chat", "x", "--max-tokens", "many"], "no whole number"],
    [["chat", "x", "--max-thought-tokens", "-1"], "no whole number"],
    [["chat", "x", "--temperature", "3"], "no number from 0 to 2"],
  ])("%j ends with 2", async (commandArguments, message) => {
    const { exitCode, stderr } = await start(commandArguments);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
