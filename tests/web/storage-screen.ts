import type { Locator, Page } from "playwright-core";

/** A machine may have much else to do than to audit a folder. */
export const PATIENT = { timeout: 90_000 };

/** The page `/storage` as a visitor sees it. */
export class StorageScreen {
  readonly dialog: Locator;
  readonly tiles: Locator;
  readonly rows: Locator;
  readonly trash: Locator;

  constructor(readonly page: Page) {
    this.dialog = page.getByTestId("storage-work");
    this.tiles = page.getByTestId("treemap").locator("[data-tile]");
    this.rows = page.getByTestId("folder-table").locator("tbody tr");
    this.trash = page.getByTestId("trash-entry");
  }

  /** Audits the folder that is shown, and waits for what it says. */
  async audit(): Promise<void> {
    const before = await this.auditId();
    await this.page.getByRole("button", { name: /^Audit (this folder|again)$/ }).click();
    await this.nextAudit(before);
  }

  /** The audit whose figures are shown; null: none. */
  async auditId(): Promise<string | null> {
    return this.page.getByTestId("storage").getAttribute("data-audit");
  }

  /** Waits until the figures of another audit are shown, and the button for the next. */
  async nextAudit(before: string | null): Promise<void> {
    const other = `[data-testid=storage][data-audit]${before === null ? "" : `:not([data-audit="${before}"])`}`;
    await this.page.locator(other).waitFor(PATIENT);
    await this.page.locator("button:enabled", { hasText: "Audit again" }).waitFor(PATIENT);
  }

  /** The exact bytes behind the first figure of an element. */
  async bytesIn(element: Locator): Promise<number> {
    return Number(await element.locator("data").first().getAttribute("value"));
  }

  /** One of the figures on top. */
  figure(name: string): Promise<number> {
    return this.bytesIn(this.page.getByTestId("storage-figures").locator(`[data-figure="${name}"]`));
  }

  tile(path: string): Locator {
    return this.page.getByTestId("treemap").locator(`[data-path=${quoted(path)}]`);
  }

  /** Waits until the folder at this path is shown. */
  async folderIs(path: string): Promise<void> {
    await this.page.locator(`[data-testid=explorer][data-path=${quoted(path)}]`).waitFor(PATIENT);
  }

  /** What the first column of the table says, from top to bottom. */
  names(): Promise<string[]> {
    return this.rows.locator("[data-column=name]").allInnerTexts();
  }

  step(what: string): Locator {
    return this.page.getByTestId("step").filter({ hasText: what });
  }

  phaseBox(title: string): Locator {
    return this.page.getByLabel(`All steps of ${title}`);
  }

  /** Carries out what is chosen, and waits for its end. */
  async carryOut(): Promise<void> {
    await this.page.getByRole("button", { name: "Carry out", exact: true }).click();
    await this.dialog.getByRole("button", { name: "Carry it out" }).click(PATIENT);
    await this.ended();
  }

  /** Waits until the dialog says that it is done. */
  async ended(): Promise<void> {
    await this.dialog.getByRole("heading", { name: "Done", exact: true }).waitFor(PATIENT);
  }

  async close(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Close" }).click();
    await this.dialog.waitFor({ state: "hidden" });
  }

  /** Pixels by which the page is wider than its window. */
  sidewaysScroll(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  }
}

/** As a selector writes a text. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
