import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { ChatScreen, launchBrowser } from "./browser";
import { answerWith, streamAnswer } from "./scripted-answer";
import { startServer, type TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let chat: ChatScreen;
/** What must not happen while a page is open: each as a line of text. */
const events: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  events.length = 0;
  context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
  context.on("page", (opened) => {
    if (opened !== page) events.push(`page ${opened.url()}`);
  });
  page = await context.newPage();
  events.length = 0;
  page.on("pageerror", (error) => events.push(`error ${error.message}`));
  page.on("dialog", (dialog) => {
    events.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) events.push(`violation ${message.text()}`);
  });
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url.startsWith(server.address) || url.startsWith("data:")) return route.fallback();
    events.push(`request ${url}`);
    return route.abort();
  });
  chat = new ChatScreen(page);
});
afterEach(async () => {
  await context.close();
});

/** Opens the page and asks one model alone; resolves once the answer is complete. */
async function read(answer: string, pieces = 20): Promise<void> {
  await answerWith(page, answer, pieces);
  await page.goto(server.address);
  await chat.choose("demo-response");
  await chat.ask("Hello!");
  await chat.facts.waitFor();
  await page.locator(".markdown").waitFor();
}

const EVIL = "https://evil.test";

describe("an answer that attacks", () => {
  test.each([
    ["a script", `<script>alert(1)</script><script src="${EVIL}/a.js"></script>`],
    ["an image that fails", `<img src=x onerror=alert(1)> <img src="${EVIL}/x.png">`],
    ["a frame", `<iframe src="${EVIL}"></iframe><iframe srcdoc="<script>parent.alert(1)</script>"></iframe>`],
    ["SVG", `<svg onload=alert(1)><image href="${EVIL}/x.svg"/></svg>`],
    ["a style", `<style>@import url(${EVIL}/a.css); body{background:url(${EVIL}/b.png)}</style>`],
    ["a base and a refresh", `<base href="${EVIL}/"><meta http-equiv="refresh" content="0;url=${EVIL}">`],
    ["a link with handlers", `<a href="javascript:alert(1)" onmouseover="alert(1)">here</a>`],
    ["a form", `<form action="${EVIL}"><button autofocus onfocus=alert(1)>Send</button></form>`],
    ["a comment", `<!-- <script>alert(1)</script> --> <![CDATA[<script>alert(1)</script>]]>`],
    ["a javascript: link", "[x](javascript:alert(1)) [y](<JAVASCRIPT:alert(1)>) [z](javascript&#58;alert(1))"],
    ["a data: link", "[x](data:text/html,<script>alert(1)</script>) [y](vbscript:alert(1))"],
    ["an image beacon", `![beacon](${EVIL}/x.png) ![a][b]\n\n[b]: ${EVIL}/y.png`],
    ["reference links", "[x] [y][x]\n\n[x]: javascript:alert(1)"],
    ["autolinks", `<javascript:alert(1)> <${EVIL}> www.evil.test ${EVIL}/x me@evil.test`],
    ["a link in mathematics", "\\(\\href{javascript:alert(1)}{x}\\) \\(\\url{javascript:alert(1)}\\)"],
    ["an image in mathematics", `\\(\\includegraphics[height=1em]{${EVIL}/x.png}\\)`],
    [
      "HTML in mathematics",
      `$$\\htmlStyle{background:url(${EVIL}/x.png)}{x} \\htmlClass{evil}{y} \\htmlData{a=b}{z}$$`,
    ],
    ["macros without end", "\\(\\def\\a{\\a\\a}\\a\\) and $$\\rule{9999em}{9999em}$$"],
    ["an odd name of a language", '```"><script>alert(1)</script>\nx\n```\n\n```__proto__\ny\n```'],
    ["an odd title", `[x](${EVIL} "\\" onmouseover=alert(1) x=\\"")`],
    ["control characters", "\u202etxt.exe\u202c \u001b[31mred\u001b[0m a\0b"],
    ["a table of HTML", "| <img src=x onerror=alert(1)> | b |\n|---|---|\n| <script>alert(1)</script> | `<b>` |"],
  ])("%s: nothing runs, nothing leaves the page", async (_, answer) => {
    await read(`Before. ${answer}\n\nAfter.\n\n${answer}\n\n- ${answer}\n\nThe last formula: \\(q\\)`);
    await page.locator(".markdown .katex").last().waitFor();
    for (const link of await page.locator(".markdown a").all()) await link.hover();
    const found = await page.locator(".markdown").evaluate((root) => ({
      elements: [
        ...root.querySelectorAll("script, img, iframe, style, object, embed, form, base, meta, link, svg image, .evil"),
      ].map((element) => element.outerHTML),
      handlers: [...root.querySelectorAll("*")].flatMap((element) =>
        element.getAttributeNames().filter((name) => name.startsWith("on")),
      ),
      addresses: [...root.querySelectorAll("[href], [src], [action]")]
        .map((element) => element.getAttribute("href") ?? "no href")
        .filter((address) => !/^(https?|mailto):/.test(address)),
      text: root.textContent ?? "",
    }));
    expect(found).toMatchObject({ elements: [], handlers: [], addresses: [] });
    expect(found.text).toContain("Before.");
    expect(found.text).toContain("After.");
    expect(found.text).not.toMatch(/[\0\u001b\u202e]/);
    expect(events).toEqual([]);
  });
});

describe("an answer too much for a page", () => {
  const CASES: [string, string][] = [
    ["a line of a megabyte", `${"word ".repeat(200_000)}`],
    ["a word of a megabyte", "a".repeat(1_000_000)],
    ["a table of 10,000 rows", `| a | b |\n|---|---|\n${"| 1 | 2 |\n".repeat(10_000)}`],
    ["10,000 quotes in each other", `${">".repeat(10_000)} deep`],
    ["a list 5,000 deep", `${"- ".repeat(5_000)}deep`],
    ["a fence without an end", `\`\`\`js\n${"const a = 1;\n".repeat(20_000)}`],
    ["emphasis without an end", "**a*b_".repeat(8_000)],
    ["formulas without an end", "\\( $ $$ \\[ ".repeat(10_000)],
    ["nulls", "\0a".repeat(20_000)],
    ["60,000 paragraphs", "a\n\n".repeat(60_000)],
  ];
  test.each(CASES)("%s: the page stays whole, and the next question is answered", async (_, answer) => {
    await read(answer);
    await answerWith(page, "The **next** answer.");
    await chat.ask("And now?");
    await chat.facts.nth(1).waitFor();
    expect(await page.locator(".markdown strong").textContent()).toBe("next");
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
    expect(events).toEqual([]);
  });
});

describe("an answer as the visitor reads it", () => {
  test("mathematics is drawn for the eye and for a screen reader, and money stays money", async () => {
    await read("It costs $5 and $6, and \\(x^2\\) is\n\n\\[\n\\frac{a}{b}\n= c\n\\]\n\nbut \\(\\nonsense{\\) stays.");
    await page.locator(".markdown .katex-display").waitFor();
    const mathml = await page.locator(".markdown math").evaluateAll((all) => all.map((one) => one.textContent));
    expect(mathml).toHaveLength(2);
    expect(await page.locator(".markdown p").first().textContent()).toContain("It costs $5 and $6, and");
    expect(await page.locator(".markdown code").textContent()).toBe("\\nonsense{");
    expect(await page.evaluate(() => document.fonts.check('16px "KaTeX_Math"'))).toBe(true);
    const fonts = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .map(({ name }) => name)
        .filter((name) => /KaTeX.*woff2/.test(name)),
    );
    expect(fonts.length).toBeGreaterThan(0);
    expect(events).toEqual([]);
  });

  test("nothing for mathematics or code is loaded before an answer has some", async () => {
    const sizeOf = () =>
      page.evaluate(
        () => performance.getEntriesByType("resource").filter(({ name }) => /\.(js|css|woff2)$/.test(name)).length,
      );
    await read("Plain *words*, $5.");
    const plain = await sizeOf();
    await answerWith(page, "\\(x\\)");
    await chat.ask("And now?");
    await page.locator(".markdown .katex").waitFor();
    expect(await sizeOf()).toBeGreaterThan(plain);
  });

  test("code is coloured and copied by its button, also without a clipboard, and a screen reader hears it", async () => {
    const code = 'const a = "<b>";\nprint(a);';
    await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await read(`\`\`\`ts\n${code}\n\`\`\``);
    await page.locator(".hljs-keyword", { hasText: "const" }).waitFor();
    expect(await page.locator("figure pre").textContent()).toBe(code);
    await page.evaluate(() =>
      document.addEventListener(
        "copy",
        () =>
          (document.body.dataset["copied"] =
            String(document.getSelection()) || (document.activeElement as HTMLTextAreaElement).value),
      ),
    );
    const copy = page.getByRole("button", { name: "Copy the code" });
    await copy.click();
    await page.locator("figure [role=status]", { hasText: "Copied" }).waitFor();
    expect(await page.evaluate(() => document.body.dataset["copied"])).toBe(code);
    expect(await copy.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  test("a link opens outside, and says where it leads when its text says otherwise", async () => {
    await read(`[bank.example](${EVIL}/login) and [the manual](https://a.test/)`);
    const link = page.locator(".markdown a").first();
    expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(await link.getAttribute("target")).toBe("_blank");
    expect(await page.locator(".markdown").textContent()).toBe("bank.example (evil.test) and the manual");
  });

  test("on a phone 320 pixels wide nothing scrolls sideways", async () => {
    await page.setViewportSize({ width: 320, height: 568 });
    const wide = `| ${"a long cell | ".repeat(8)}\n|${"---|".repeat(8)}\n| ${"b | ".repeat(8)}\n\n\`\`\`\n${"x".repeat(300)}\n\`\`\`\n\n\\[${"x+".repeat(80)}y\\]\n\n\`${"y".repeat(300)}\` \\(${"z+".repeat(80)}z\\)`;
    await read(wide);
    await page.locator(".markdown .katex-display").waitFor();
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
  });

  test("a long answer streams, and only its end is drawn again", async () => {
    const part = "Some **strong** words and `code`.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n";
    await streamAnswer(page, part.repeat(120), 120);
    await page.goto(server.address);
    await chat.choose("demo-response");
    await chat.ask("Hello!");
    await page.locator(".markdown table").nth(3).waitFor();
    await page.evaluate(() => {
      const first = document.querySelector(".markdown p")!;
      new MutationObserver((changes) => (document.body.dataset["redrawn"] = String(changes.length))).observe(first, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
      first.setAttribute("data-kept", "yes");
      document.querySelectorAll(".markdown table")[1]!.setAttribute("data-kept", "yes");
    });
    await chat.facts.waitFor();
    expect(await page.locator(".markdown [data-kept]").count()).toBe(2);
    expect(await page.locator(".markdown table").count()).toBe(120);
    // The one change is the attribute set above.
    expect(await page.evaluate(() => document.body.dataset["redrawn"])).toBe("1");
    expect(events).toEqual([]);
  });
});
