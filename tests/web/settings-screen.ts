import type { BrowserContext, Locator, Page } from "playwright-core";

import { ChatScreen } from "./browser";

/** A call that asks for an answer. */
export type AskBody = Record<string, unknown> & { messages?: { role: string; content: string }[] };

/** The chat page of a visitor who changes settings, and what it sends. */
export class SettingsScreen extends ChatScreen {
  readonly asked: AskBody[] = [];
  readonly errors: string[] = [];
  readonly button: Locator;

  private constructor(page: Page) {
    super(page);
    this.button = page.getByRole("button", { name: /^Settings/ });
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("request", (request) => {
      const isAsked = /\/api\/chat$|\/v1\/chat\/completions$/.test(request.url()) && request.method() === "POST";
      if (isAsked) this.asked.push(request.postDataJSON() as AskBody);
    });
  }

  static async open(context: BrowserContext, address: string): Promise<SettingsScreen> {
    const screen = new SettingsScreen(await context.newPage());
    await screen.page.goto(address, { waitUntil: "networkidle" });
    return screen;
  }

  /** Waits until the button has this name. */
  async expectMark(name: string): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).waitFor();
  }

  /** Changes settings by their labels, and closes the panel. */
  async change(fields: Record<string, string>): Promise<void> {
    await this.button.click();
    for (const [label, value] of Object.entries(fields)) {
      const field = this.page.getByLabel(label, { exact: true });
      if (label === "Thinking" || label === "Domain") await field.selectOption(value);
      else await field.fill(value);
    }
    await this.page.keyboard.press("Escape");
    await this.page.getByRole("dialog").waitFor({ state: "detached" });
  }
}
