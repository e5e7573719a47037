import { chromium, type Browser, type Locator, type Page } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The Chromium named in MEMWELL_CHROMIUM; `npm test` finds or installs one. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.MEMWELL_CHROMIUM;
  if (!executablePath) throw new Error("MEMWELL_CHROMIUM must name a Chromium: run these tests by `npm test`");
  return chromium.launch({ executablePath, args: FLAGS });
}

/** The chat page as a visitor sees it: parts by their roles and labels. */
export class ChatScreen {
  readonly field: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  readonly model: Locator;
  readonly answers: Locator;
  readonly facts: Locator;
  readonly status: Locator;
  readonly error: Locator;
  readonly thought: Locator;
  readonly log: Locator;

  constructor(readonly page: Page) {
    this.field = page.getByLabel("Your message");
    this.send = page.getByRole("button", { name: "Send" });
    this.stop = page.getByRole("button", { name: "Stop" });
    this.model = page.getByLabel("Model", { exact: true });
    this.log = page.getByRole("log");
    this.answers = page.getByTestId("answer");
    this.facts = page.getByTestId("facts");
    this.status = page.getByTestId("status");
    this.error = page.getByTestId("error");
    this.thought = page.getByTestId("thought");
  }

  /** Types a message and sends it with Enter. */
  async ask(question: string): Promise<void> {
    await this.field.fill(question);
    await this.field.press("Enter");
  }

  /**
   * Makes the demo model, which ends when chance has it, answer for a while: the browser's own request asks for a list of
   * so many short texts besides, each about five tokens. The agent writes no JSON: its response model is asked in its place.
   */
  async makeAnswersLong(texts = 400): Promise<void> {
    const items = { type: "string", minLength: 8, maxLength: 12 };
    const schema = { type: "array", items, minItems: texts, maxItems: texts };
    await this.page.route("**/v1/chat/completions", async (route) => {
      const body = route.request().postDataJSON() as { model: string };
      const model = body.model === "memwell" ? "demo-response" : body.model;
      const response_format = { type: "json_schema", json_schema: { name: "long", schema } };
      await route.continue({ postData: JSON.stringify({ ...body, model, response_format }) });
    });
  }

  /** Waits until the last answer is longer than this many characters. */
  async waitForAnswerLongerThan(characters: number): Promise<number> {
    const handle = await this.page.waitForFunction((least) => {
      const length = [...document.querySelectorAll("[data-testid=answer]")].at(-1)?.textContent?.length ?? 0;
      return length > least ? length : false;
    }, characters);
    return (await handle.jsonValue()) as number;
  }

  /** Pixels by which the page is wider than its window. */
  sidewaysScroll(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  }
}
