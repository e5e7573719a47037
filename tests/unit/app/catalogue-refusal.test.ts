import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { GET } from "../../../app/api/models/catalogue/route";
import { readCatalogue } from "../../../lib/hub";

const folder = mkdtempSync(join(tmpdir(), "memwell-catalogue-"));
const KEY = Symbol.for("memwell.runtime");
const shared = globalThis as { [KEY]?: Promise<unknown> | undefined };

/** Everything of a server but its list of models. */
beforeEach(() => {
  const file = join(folder, "models.json");
  writeFileSync(file, "password: hunter2");
  const config = { adminToken: "the-token", analytics: { access: "open" } };
  shared[KEY] = Promise.resolve({ config, catalogue: { report: () => readCatalogue(file), now: null } });
});
afterEach(() => void (shared[KEY] = undefined));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function ask(headers: Record<string, string>) {
  const response = await GET(new Request("http://example.org/api/models/catalogue", { headers }), undefined);
  return { status: response.status, text: await response.text() };
}

it("does not tell strangers where an owner's list of models is, nor a word of what it holds", async () => {
  const { status, text } = await ask({});
  expect(status).toBe(500);
  expect(text).toContain("This server's list of models cannot be read");
  expect(text).not.toContain(folder);
  expect(text).not.toContain("hunter2");
});

it("tells the administrator all of it", async () => {
  const { text } = await ask({ authorization: "Bearer the-token" });
  expect(text).toContain(folder);
  expect(text).toContain("It is no JSON");
});
