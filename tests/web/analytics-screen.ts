import type { Locator, Page } from "playwright-core";

/** Analytics as a visitor sees it. */
export class AnalyticsScreen {
  readonly rows: Locator;
  readonly dialog: Locator;
  readonly search: Locator;

  constructor(readonly page: Page) {
    this.rows = page.getByTestId("repo");
    this.dialog = page.getByTestId("cleaning");
    this.search = page.getByLabel("Search repositories");
  }

  /** The row of `model/ORG/NAME`, and what is in it when it is open. */
  row(name: string): Locator {
    return this.page.locator(`[data-repo="${name}"]`);
  }

  async openRow(name: string): Promise<Locator> {
    const row = this.row(name);
    await row.locator("th button").click();
    await row.getByTestId("repo-inside").waitFor();
    return row;
  }

  /** Opens a revision of a row that is open, and waits for its files. */
  async openRevision(row: Locator, commit: string): Promise<Locator> {
    const revision = row.locator(`[data-commit="${commit}"]`);
    const button = revision.locator("button").first();
    if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
    await revision.getByTestId("files").waitFor();
    return revision;
  }

  /** Names of the rows, from top to bottom. */
  async names(): Promise<(string | null)[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute("data-repo")));
  }

  /** The exact bytes behind the first figure of an element. */
  async bytesIn(element: Locator): Promise<number> {
    return Number(await element.locator("data").first().getAttribute("value"));
  }

  /** One of the figures above the table. */
  figure(name: string): Promise<number> {
    return this.bytesIn(this.page.locator(`[data-figure="${name}"]`));
  }

  /** Pixels by which the page is wider than its window. */
  sidewaysScroll(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  }
}
