import type { Page } from "playwright-core";

/** What changed in a conversation while its last answer was written. */
export interface AnswerChanges {
  /** Changes outside of that answer. */
  elsewhere: number;
  /** Changes in blocks of it that were done: all but its last few. */
  again: number;
  /** Blocks that were done. */
  finished: number;
}

/** Counts from now on; what it returns tells the counts so far. */
export async function watchLastAnswer(page: Page): Promise<() => Promise<AnswerChanges>> {
  await page.evaluate(() => {
    const log = document.querySelector("[role=log]")!;
    const answer = [...document.querySelectorAll("[data-testid=answer] .markdown")].at(-1)!;
    const article = answer.closest("article")!;
    const seen = { elsewhere: 0, again: 0, finished: 0 };
    const finished = new WeakSet<Node>();
    const blockOf = (node: Node | null): Node | null => {
      while (node !== null && node.parentNode?.parentNode !== answer) node = node.parentNode;
      return node;
    };
    new MutationObserver((changes) => {
      for (const { target, removedNodes } of changes) {
        if (!article.contains(target)) seen.elsewhere += 1;
        const block = blockOf(target);
        if (block !== null && finished.has(block)) seen.again += 1;
        for (const removed of removedNodes)
          if ([removed, ...removed.childNodes].some((node) => finished.has(node))) seen.again += 1;
      }
      // What follows can change the last two blocks; a formula or code is done when what draws it is loaded.
      for (const block of [...answer.querySelectorAll(":scope > * > *")].slice(0, -3)) {
        if (!finished.has(block)) seen.finished += 1;
        finished.add(block);
      }
      document.body.dataset["seen"] = JSON.stringify(seen);
    }).observe(log, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => JSON.parse(document.body.dataset["seen"] ?? "{}") as AnswerChanges);
}
