import { createHash } from "node:crypto";

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  await page.addInitScript(() => {
    const found: string[] = [];
    Object.assign(window, { violations: found });
    document.addEventListener("securitypolicyviolation", (event) =>
      found.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
});
afterEach(() => context.close());

const violations = () => page.evaluate(() => (window as unknown as { violations: string[] }).violations);
const policyOf = async (path: string) =>
  (await fetch(server.address + path)).headers.get("content-security-policy") ?? "";
const SPACES = "frame-ancestors 'self' https://huggingface.co https://*.hf.space";

describe("the Content-Security-Policy of a page", () => {
  test.each(["/", "/?__theme=dark", "/nothing-here", "/nothing.html"])("%s allows this server alone", async (path) => {
    const policy = await policyOf(path);
    const [scripts = ""] = /script-src [^;]*/.exec(policy) ?? [];
    expect(scripts).toMatch(/^script-src 'self'( 'sha256-[\w+/]{43}=')+$/);
    expect(policy.split("; ")).toEqual([
      "default-src 'self'",
      scripts,
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "frame-src 'none'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      SPACES,
    ]);
  });

  test("knows each inline script of the page, and nothing that a visitor sends", async () => {
    const response = await fetch(server.address, {
      headers: { "content-security-policy": "script-src 'nonce-forged'" },
    });
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).not.toContain("nonce");
    const html = await response.text();
    const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script]) => script!);
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) {
      expect(policy).toContain(`'sha256-${createHash("sha256").update(script).digest("base64")}'`);
    }
  });

  test.each(["/v1/models", "/healthz", "/api/nothing", "/icon.svg"])(
    "%s is no page: it may do nothing",
    async (path) => {
      expect(await policyOf(path)).toBe(`default-src 'none'; base-uri 'none'; form-action 'none'; ${SPACES}`);
    },
  );
});

test.each(["/", "/v1/models", "/nothing-here"])(
  "%s has the other headers, and none that keeps a Space out",
  async (path) => {
    const { headers } = await fetch(server.address + path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.get("x-frame-options")).toBeNull();
    expect(headers.get("x-powered-by")).toBeNull();
  },
);

describe("under that policy", () => {
  test.each(["/?__theme=dark", "/?__theme=light"])("the page works without a violation: %s", async (path) => {
    const chat = new ChatScreen(page);
    await page.goto(server.address + path, { waitUntil: "networkidle" });
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe(path.split("=")[1]);
    await chat.choose("demo-response");
    await chat.ask("Hello!");
    await chat.facts.waitFor();
    await page.getByRole("button", { name: "Use via API" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await violations()).toEqual([]);
  });

  test("the page for what is not found works", async () => {
    await page.goto(`${server.address}/nothing-here`, { waitUntil: "networkidle" });
    await page.getByRole("link", { name: "Go to the chat" }).click();
    await new ChatScreen(page).field.waitFor();
    expect(await violations()).toEqual([]);
  });

  test.each([
    [
      "an inline script",
      "script-src-elem",
      () => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'evil'";
        document.body.append(script);
      },
    ],
    [
      "a script of another server",
      "script-src-elem",
      () => {
        const script = document.createElement("script");
        script.src = "https://evil.test/a.js";
        document.body.append(script);
      },
    ],
    [
      "a handler in an attribute",
      "script-src-attr",
      () => {
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=\"document.title = 'evil'\">");
      },
    ],
    [
      "an image of another server",
      "img-src",
      () => {
        document.body.insertAdjacentHTML("beforeend", "<img src=https://evil.test/x.png>");
      },
    ],
    [
      "a style attribute",
      "style-src-attr",
      () => {
        document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>x</p>");
      },
    ],
    [
      "a frame",
      "frame-src",
      () => {
        document.body.insertAdjacentHTML("beforeend", "<iframe src=https://evil.test></iframe>");
      },
    ],
    [
      "a call to another server",
      "connect-src",
      () => {
        fetch("https://evil.test/").catch(() => {});
      },
    ],
  ] as const)("%s is stopped", async (_, directive, attack) => {
    await page.goto(server.address, { waitUntil: "networkidle" });
    await page.evaluate(attack);
    await page.waitForFunction(() => (window as unknown as { violations: string[] }).violations.length > 0);
    expect((await violations())[0]).toContain(directive);
    expect(await page.title()).toBe("Memwell");
  });
});
