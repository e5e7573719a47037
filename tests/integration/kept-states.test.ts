import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ChatMessage, EngineStep, GenerateRequest, LoadSettings } from "../../lib/engine";
import { ensureFixtureModel } from "../fixtures/models";
import {
  closeAtEnd,
  collect,
  EngineProcess,
  loadSettings,
  realChildren,
  temporaryFolder,
  type Collected,
} from "./support";

const model = await ensureFixtureModel("tiny");
const children = realChildren();
closeAtEnd(children);

const INSTRUCTIONS = "You are patient. You explain every step of what you do, and you never skip one. ".repeat(4);
const QUESTION = "Why is the sky blue in the middle of the day, and why is it red when the sun goes down?";
const steady = { temperature: 0, seed: 1 };

function engineWith(folder: string, changes: Partial<LoadSettings> & { capBytes?: number } = {}): EngineProcess {
  const { capBytes = 1e9, ...settings } = changes;
  const engine = new EngineProcess(loadSettings(model, { keptStates: { folder, capBytes }, ...settings }), children);
  closeAtEnd(engine);
  return engine;
}

async function ask(
  engine: EngineProcess,
  messages: ChatMessage[],
  options: { staticMessages?: number; request?: Partial<GenerateRequest> } = {},
): Promise<Collected & { steps: EngineStep[]; newTokens: number }> {
  const steps: EngineStep[] = [];
  const { staticMessages, request } = options;
  const prompt = { messages, staticMessages };
  const answer = await collect(
    engine.generate({ prompt, sampling: steady, maxTokens: 12, ...request }, { onStep: (step) => steps.push(step) }),
  );
  const usage = answer.done?.usage;
  return { ...answer, steps, newTokens: usage === undefined ? NaN : usage.promptTokens - usage.reusedTokens };
}

const system = (content = INSTRUCTIONS): ChatMessage => ({ role: "system", content });
const user = (content: string): ChatMessage => ({ role: "user", content });
const assistant = (content: string): ChatMessage => ({ role: "assistant", content });
const statesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".state"));

describe("a conversation", () => {
  it("goes on in the next process as if the first had never ended", async () => {
    const [kept, lasting] = [engineWith(temporaryFolder()), engineWith(temporaryFolder())];
    const first = [system(), user(QUESTION)];
    const answers = await Promise.all([ask(kept, first), ask(lasting, first)]);
    expect(answers[0].text).toBe(answers[1].text);
    const parked = await kept.park(60_000);
    expect(parked).toMatchObject({ sequences: 1 });
    await kept.stop();

    const second = [...first, assistant(answers[0].text), user("And at night?")];
    const [afterStop, withoutStop] = await Promise.all([ask(kept, second), ask(lasting, second)]);
    expect(afterStop.steps.map(({ step, phase }) => `${step} ${phase}`)).toEqual(["restore start", "restore end"]);
    expect(afterStop.newTokens).toBe(withoutStop.newTokens);
    expect(afterStop.newTokens).toBeLessThan(40);
    expect(afterStop.text).toBe(withoutStop.text);
  });

  it("that has not changed is written once, and its earlier state goes when it has", async () => {
    const folder = temporaryFolder();
    const engine = engineWith(folder);
    const first = [system(), user(QUESTION)];
    const answer = await ask(engine, first);
    await engine.park(60_000);
    expect(await engine.park(60_000)).toEqual({ sequences: 0, tokens: 0, bytes: 0, threads: null });
    await ask(engine, [...first, assistant(answer.text), user("And at night?")]);
    expect(await engine.park(60_000)).toMatchObject({ sequences: 1 });
    expect(await statesIn(folder)).toHaveLength(1);
  });

  it("that must give up its slot comes back to it from disk", async () => {
    const engine = engineWith(temporaryFolder(), { sequences: 1 });
    const mine = [system("Mine. ".repeat(60)), user(QUESTION)];
    const answer = await ask(engine, mine);
    const other = await ask(engine, [system("Theirs. ".repeat(60)), user(QUESTION)]);
    expect(other.steps.map(({ step }) => step)).toContain("save");
    const next = await ask(engine, [...mine, assistant(answer.text), user("Go on.")]);
    expect(next.steps.map(({ step }) => step)).toContain("restore");
    expect(next.newTokens).toBeLessThan(40);
  });
});

describe("static instructions", () => {
  it("are not evaluated again by a new conversation after a restart", async () => {
    const folder = temporaryFolder();
    const engine = engineWith(folder);
    const answer = await ask(engine, [system(), user(QUESTION)], { staticMessages: 1 });
    expect(answer.steps.map(({ step }) => step)).toEqual(["save", "save"]);
    // Killed: nothing else could be saved.
    process.kill(engine.pid ?? 0, "SIGKILL");
    await engine.stop();

    const fresh = engineWith(folder);
    const next = await ask(fresh, [system(), user("Something else altogether.")], { staticMessages: 1 });
    const withoutStates = await ask(engineWith(temporaryFolder()), [user("Something else altogether.")]);
    expect(next.newTokens).toBeLessThanOrEqual(withoutStates.newTokens);
    expect(await statesIn(folder)).toHaveLength(1);
  });

  it("make no difference to the answer", async () => {
    const messages = [system(), user(QUESTION)];
    const [without, first, second] = [
      await ask(engineWith(temporaryFolder()), messages),
      await ask(engineWith(temporaryFolder()), messages, { staticMessages: 1 }),
      await ask(engineWith(temporaryFolder()), messages, { staticMessages: 7 }),
    ];
    expect(first.text).toBe(without.text);
    expect(second.text).toBe(without.text);
  });
});

describe("the folder of kept states", () => {
  it("stays within its cap: the state unused for longest goes", async () => {
    const folder = temporaryFolder();
    const engine = engineWith(folder);
    await ask(engine, [system("First. ".repeat(40)), user(QUESTION)]);
    await engine.park(60_000);
    const [name = ""] = await statesIn(folder);
    const { size } = await stat(join(folder, name));
    const small = engineWith(folder, { capBytes: Math.round(size * 1.5) });
    await ask(small, [system("Second. ".repeat(40)), user(QUESTION)]);
    await small.park(60_000);
    const left = await statesIn(folder);
    expect(left).toHaveLength(1);
    expect(left).not.toContain(name);
  });

  it("does not take a state that alone is larger than the cap, and loses no other for it", async () => {
    const folder = temporaryFolder();
    const engine = engineWith(folder);
    await ask(engine, [user(QUESTION)]);
    await engine.park(60_000);
    const before = await statesIn(folder);
    const { size } = await stat(join(folder, before[0] ?? ""));
    const small = engineWith(folder, { capBytes: size + 1 });
    await ask(small, [system("Long. ".repeat(100)), user(QUESTION)]);
    expect(await small.park(60_000)).toMatchObject({ sequences: 0 });
    expect(await statesIn(folder)).toEqual(before);
  });

  it("is read by nobody but who runs Memwell", async () => {
    const folder = join(temporaryFolder(), "states");
    const engine = engineWith(folder);
    await ask(engine, [user(QUESTION)]);
    await engine.park(60_000);
    const names = await readdir(folder);
    expect(names).toHaveLength(2);
    for (const path of [folder, ...names.map((name) => join(folder, name))])
      expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it("is rid of what a killed process has left half written, and keeps what a running one is writing", async () => {
    const folder = temporaryFolder();
    const id = "0b5f5a0e-52b0-4a5c-9a5e-1f6f0a3f1c11";
    const [dead, alive] = [`a.state.4194305-${id}.draft`, `a.state.${process.pid}-${id}.draft`];
    for (const name of [dead, `${dead}.json`, alive]) await writeFile(join(folder, name), "half");
    await engineWith(folder).ensureReady();
    expect(await readdir(folder)).toEqual([alive]);
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ["a changed byte", flipByte],
    ["half a file", async (path) => writeFile(path, (await readFile(path)).subarray(0, 1000))],
    ["no file", (path) => rm(path)],
    ["no description", (path) => rm(`${path}.json`)],
    ["a description of something else", (path) => writeFile(`${path}.json`, '{"format":2,"tokens":"AAAA"}')],
    ["a description that is no JSON", (path) => writeFile(`${path}.json`, "\0\0")],
  ])("with %s: the prompt is evaluated anew, and the answer is the same", async (_, damage) => {
    const folder = temporaryFolder();
    const engine = engineWith(folder);
    const messages = [system(), user(QUESTION)];
    const answer = await ask(engine, messages);
    await engine.park(60_000);
    await engine.stop();
    const [name = ""] = await statesIn(folder);
    await damage(join(folder, name));
    const again = await ask(engine, messages);
    expect(again.text).toBe(answer.text);
    expect(again.done?.usage.reusedTokens).toBe(0);
    expect(await statesIn(folder)).not.toContain(name);
  });

  it("cannot be written: nothing is kept, and nothing fails", async () => {
    const file = join(temporaryFolder(), "a file");
    await writeFile(file, "");
    const engine = engineWith(join(file, "states"));
    const answer = await ask(engine, [system(), user(QUESTION)], { staticMessages: 1 });
    expect(answer.done).not.toBeNull();
    expect(await engine.park(60_000)).toEqual({ sequences: 0, tokens: 0, bytes: 0, threads: null });
  });

  it("holds states of other settings, which are left alone", async () => {
    const folder = temporaryFolder();
    const messages = [system(), user(QUESTION)];
    const plain = engineWith(folder);
    await ask(plain, messages);
    await plain.park(60_000);
    const quantized = engineWith(folder, { kvType: "Q8_0" });
    const answer = await ask(quantized, messages);
    expect(answer.done?.usage.reusedTokens).toBe(0);
    await quantized.park(60_000);
    expect(await statesIn(folder)).toHaveLength(2);
  });

  async function flipByte(path: string): Promise<void> {
    const bytes = await readFile(path);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
    await writeFile(path, bytes);
  }
});
