import { longConversation } from "../../tests/fixtures/long-conversation";
import { raise } from "../support/measure";
import { metricsOf, record } from "./recorder";
import { busyRows, figure, frameRows, printTable, quantile } from "./table";
import { openVisitor, type Visitor, type World } from "./world";
import { WRITTEN_TEXT } from "../../tests/fixtures/written-text";

export interface LongChat {
  messages: number;
  tokens: number;
}

/** In characters; a model's context holds none of it, so that all of it is left for the answer that is measured. */
const LONG_ANSWER = 60_000;
/** Pixels, and pixels a second: as far as a visitor scrolls who looks for something. */
const SCROLLED = 30_000;
const SCROLL_SPEED = 3000;
const TYPED = "How do I know that this goes on for ever? ";
const TYPING_PAUSE_MS = 60;

/** A chat of so many messages: opened, scrolled, typed in, and an answer that streams into it. */
export async function benchLongChat(world: World, { messages, tokens }: LongChat): Promise<void> {
  const visitor = await openVisitor(world);
  try {
    const id = await importChat(visitor, world, messages);
    await showOpening(visitor, world, id, messages);
    await showTyping(visitor, messages);
    await showStream(visitor, tokens, messages);
    await showScrolling(visitor, messages);
  } finally {
    await visitor.context.close();
  }
}

async function importChat({ page, chat }: Visitor, { server }: World, messages: number): Promise<string> {
  await page.goto(server.address);
  await chat.field.waitFor();
  const lastAnswer = WRITTEN_TEXT.repeat(Math.ceil(LONG_ANSWER / WRITTEN_TEXT.length)).trim();
  const data = longConversation(messages, lastAnswer);
  const response = await page.request.post(`${server.address}/api/conversations/import`, { data });
  if (!response.ok()) raise(await response.text());
  return ((await response.json()) as { id: string }).id;
}

async function showOpening({ page, chat, session }: Visitor, { server }: World, id: string, messages: number) {
  const askedAt = performance.now();
  const body = await (await page.request.get(`${server.address}/api/conversations/${id}`)).body();
  const answeredIn = performance.now() - askedAt;
  await page.goto(`${server.address}/?c=${id}`);
  await page.waitForFunction(() => document.querySelector("[role=log] .katex") !== null);
  const opened = await page.evaluate(() => performance.now());
  await chat.facts.last().waitFor();
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await session.send("HeapProfiler.collectGarbage");
  const metric = await metricsOf(session);
  printTable(`a chat of ${messages.toLocaleString("en")} messages, opened`, [
    figure("the server's answer", body.length / 1000, "kB, uncompressed"),
    figure("the server's answer, from request to its last byte", answeredIn, "ms", 1000),
    figure("its end drawn, from the address on", opened, "ms", 2000),
    figure("elements and texts of the page", metric("Nodes"), ""),
    figure("heap of the page", metric("JSHeapUsedSize") / 1e6, "MB"),
  ]);
}

async function type({ chat }: Visitor): Promise<void> {
  await chat.field.focus();
  await chat.field.pressSequentially(TYPED, { delay: TYPING_PAUSE_MS });
}

async function showTyping(visitor: Visitor, messages: number): Promise<void> {
  const stop = await record(visitor.page, visitor.session);
  await type(visitor);
  const recorded = await stop();
  printTable(`typing into a chat of ${messages.toLocaleString("en")} messages`, [
    figure("key press to paint, median", quantile(recorded.keys, 0.5), "ms", 34),
    figure("key press to paint, 95 of 100", quantile(recorded.keys, 0.95), "ms", 50),
    ...frameRows(recorded),
  ]);
  await visitor.chat.field.fill("");
}

async function showStream(visitor: Visitor, tokens: number, messages: number): Promise<void> {
  const { page, chat, session } = visitor;
  await chat.setAgent({ max_tokens: tokens, max_thought_tokens: 0, temperature: 0 });
  const before = await chat.answers.count();
  await chat.ask("Why do the odd numbers make squares?");
  await page.waitForFunction((count) => document.querySelectorAll("[data-testid=answer]").length > count, before);
  const stop = await record(page, session);
  const startedAt = performance.now();
  let isOver = false;
  const end = page
    .waitForFunction(
      () => /^The answer (?!begins)/.test(document.querySelector("[data-testid=announcement]")?.textContent ?? ""),
      undefined,
      { polling: 250, timeout: 0 },
    )
    .then(() => (isOver = true));
  while (!isOver) await type(visitor);
  await end;
  const recorded = await stop();
  const seconds = (performance.now() - startedAt) / 1000;
  const said = (await chat.announcement.textContent()) ?? "";
  const characters = await chat.answers.last().evaluate((answer) => answer.textContent?.length ?? 0);
  printTable(
    `an answer of ${tokens.toLocaleString("en")} tokens streams into a chat of ${messages.toLocaleString("en")} messages, while somebody types`,
    [
      { name: "how it ended", value: said },
      figure("written by a model of this bench, real stream", tokens / seconds, "tokens/s"),
      figure("length of the answer as shown", characters, "characters"),
      ...frameRows(recorded),
      figure("frame time, 95 of 100, of the last quarter", quantile(lastQuarter(recorded.frames), 0.95), "ms", 34),
      figure("key press to paint, median", quantile(recorded.keys, 0.5), "ms", 34),
      figure("key press to paint, 95 of 100", quantile(recorded.keys, 0.95), "ms", 50),
      figure("key press to paint, longest", Math.max(...recorded.keys), "ms", 200),
      ...busyRows(recorded),
    ],
  );
  await chat.field.fill("");
}

/** Where the answer is longest: what grows with it shows there. */
const lastQuarter = (frames: readonly number[]): number[] => frames.slice(Math.floor((3 * frames.length) / 4));

async function showScrolling({ chat, page, session }: Visitor, messages: number): Promise<void> {
  const box = (await chat.log.boundingBox()) ?? raise("no conversation");
  const stop = await record(page, session);
  for (const yDistance of [SCROLLED, -SCROLLED / 2])
    await session.send("Input.synthesizeScrollGesture", {
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      yDistance,
      speed: SCROLL_SPEED,
      gestureSourceType: "mouse",
    });
  const recorded = await stop();
  const metric = await metricsOf(session);
  printTable(`scrolling up and down in a chat of ${messages.toLocaleString("en")} messages`, [
    ...frameRows(recorded),
    ...busyRows(recorded),
    figure("elements and texts of the page", metric("Nodes"), ""),
    figure("heap of the page", metric("JSHeapUsedSize") / 1e6, "MB"),
  ]);
}
