import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeEvaluation } from "../../training/eval/store";
import { exampleEvaluation } from "../unit/eval/example";
import { startServer, type TestServer } from "./server";

const TOKEN = "letmeseethefigures";
const dataDir = mkdtempSync(join(tmpdir(), "memwell-evals-"));
let server: TestServer;
beforeAll(async () => {
  await storeEvaluation(dataDir, exampleEvaluation());
  const settings = { MEMWELL_DATA_DIR: dataDir, MEMWELL_ANALYTICS: "admin", MEMWELL_ADMIN_TOKEN: TOKEN };
  server = await startServer(settings);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("GET /api/evals", () => {
  it("tells the evaluations of the data folder to who may see figures", async () => {
    const response = await fetch(`${server.address}/api/evals`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({ evaluations: [exampleEvaluation()] });
  });

  it("tells them to nobody else where figures are the administrator's", async () => {
    const response = await fetch(`${server.address}/api/evals`, { headers: { "x-forwarded-for": "203.0.113.7" } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: "admin_only" } });
  });
});
