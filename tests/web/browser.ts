import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";

import { chromium, type Browser, type BrowserContext, type Locator, type Page } from "playwright-core";

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
  return chromium.launch({ executablePath: chromiumPath(), args: FLAGS });
}

/** A Chromium whose user has chosen these settings, in a new profile inside the folder. */
export function launchProfile(folder: string, preferences: object): Promise<BrowserContext> {
  const profile = mkdtempSync(path.join(folder, "profile-"));
  mkdirSync(path.join(profile, "Default"));
  writeFileSync(path.join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  return chromium.launchPersistentContext(profile, { executablePath: chromiumPath(), args: FLAGS });
}

function chromiumPath(): string {
  const executablePath = process.env.MEMWELL_CHROMIUM;
  if (!executablePath) throw new Error("MEMWELL_CHROMIUM must name a Chromium: run these tests by `npm test`");
  return executablePath;
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
  readonly questions: Locator;
  readonly trace: Locator;
  readonly list: Locator;
  readonly announcement: Locator;
  readonly context: Locator;

  constructor(readonly page: Page) {
    this.field = page.getByLabel("Your message");
    this.send = page.getByRole("button", { name: "Send", exact: true });
    this.stop = page.getByRole("button", { name: "Stop", exact: true });
    this.model = page.getByLabel("Model", { exact: true });
    this.log = page.getByRole("log");
    this.answers = page.getByTestId("answer");
    this.facts = page.getByTestId("facts");
    this.status = page.getByTestId("status");
    this.error = page.getByTestId("error");
    this.thought = page.getByTestId("thought");
    this.questions = page.getByTestId("question");
    this.trace = page.getByTestId("trace");
    this.list = page.getByRole("navigation", { name: "Conversations" });
    this.announcement = page.getByTestId("announcement");
    this.context = page.getByTestId("context");
  }

  /** Types a message and sends it with Enter. */
  async ask(question: string): Promise<void> {
    await this.field.fill(question);
    await this.field.press("Enter");
  }

  /** Chooses a model that answers alone. */
  async choose(model: string): Promise<void> {
    await this.model.locator(`option[value="${model}"]`).waitFor({ state: "attached" });
    await this.model.selectOption(model);
  }

  /** Chooses the model that stands last in the list and answers alone; returns its id. */
  async chooseLast(): Promise<string> {
    await this.model.locator("option").nth(1).waitFor({ state: "attached" });
    const model = await this.model.locator("option").last().getAttribute("value");
    await this.choose(model!);
    return model!;
  }

  /** Adds these fields to the page's own calls of the agent, in the place of those added before. */
  async setAgent(fields: object): Promise<void> {
    await this.page.unroute("**/api/chat");
    await this.page.route("**/api/chat", (route) => {
      const body = route.request().postDataJSON() as object;
      return route.continue({ postData: JSON.stringify({ ...body, ...fields }) });
    });
  }

  /** Asks, and waits for the whole answer. */
  async askToTheEnd(question: string): Promise<void> {
    // Until something new is announced, that is the end of the answer before.
    const changed = await this.announcement.evaluateHandle((element) => {
      const change = { isSeen: false };
      new MutationObserver(() => (change.isSeen = true)).observe(element, {
        childList: true,
        characterData: true,
        subtree: true,
      });
      return change;
    });
    await this.ask(question);
    await this.page.waitForFunction(({ isSeen }) => isSeen, changed);
    await this.waitForEnd();
  }

  /** Waits until nothing is being written, and all that was is kept. */
  async waitForEnd(): Promise<void> {
    await this.page.waitForFunction(() => {
      const said = document.querySelector("[data-testid=announcement]")?.textContent ?? "";
      return /^The answer (is complete|was|ended|failed)/.test(said);
    });
    await this.send.waitFor();
  }

  /** Waits until this is announced: the page says a thing a moment after it shows it. */
  async hear(words: string | RegExp): Promise<void> {
    await this.announcement.and(this.page.getByText(words)).waitFor({ state: "attached" });
  }

  /** The conversation in the page's address. */
  async conversation(): Promise<string | null> {
    return this.page.evaluate(() => new URLSearchParams(location.search).get("c"));
  }

  /**
   * Makes the demo model, which ends when chance has it, answer for a while: the browser's own request asks for a list of
   * so many short texts besides, each about five tokens. Of a model alone; the agent is told by `setAgent`.
   */
  async makeAnswersLong(texts = 400): Promise<void> {
    const items = { type: "string", minLength: 8, maxLength: 12 };
    const schema = { type: "array", items, minItems: texts, maxItems: texts };
    await this.page.route("**/v1/chat/completions", async (route) => {
      const body = route.request().postDataJSON() as object;
      const response_format = { type: "json_schema", json_schema: { name: "long", schema } };
      await route.continue({ postData: JSON.stringify({ ...body, response_format }) });
    });
  }

  /** Waits until the last answer is longer than this many characters; `within` in ms. */
  async waitForAnswerLongerThan(characters: number, within = 30_000): Promise<number> {
    const handle = await this.page.waitForFunction(
      (least) => {
        const length = [...document.querySelectorAll("[data-testid=answer]")].at(-1)?.textContent?.length ?? 0;
        return length > least ? length : false;
      },
      characters,
      { timeout: within },
    );
    return (await handle.jsonValue()) as number;
  }

  /** Pixels by which the page is wider than its window. */
  sidewaysScroll(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  }
}
