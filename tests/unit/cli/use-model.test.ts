import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { useModel } from "../../../lib/cli/use-model";
import type { ModelUseBody } from "../../../lib/wire";
import { failureOf } from "../../fixtures/failure-of";

const CHECKING: ModelUseBody = {
  id: "tutor",
  name: "The tutor",
  roles: ["response"],
  phase: "checking",
  download: null,
  load: null,
  error: null,
  not_kept: null,
};
let server: Server | null = null;
afterEach(() => void server?.close());

/** A server that begins a change, and knows `then` when it is asked for it. */
async function serverWith(then: ModelUseBody | null): Promise<string> {
  const started = createServer(({ method }, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ use: method === "POST" ? CHECKING : then }));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

it.each([
  ["has begun anew meanwhile", null],
  ["changes to another model by now", { ...CHECKING, id: "other", phase: "done" as const }],
])("does not wait for ever for a server that %s, nor takes its word", async (_, then) => {
  const url = await serverWith(then);
  const failure = await failureOf(useModel("tutor", { url }));
  expect(failure.message).toContain("How the change to The tutor ended is not known");
});
