import { expect, it } from "vitest";
import { withoutCacheFolder } from "../../../app/_server/cache-refusal";
import { scanCache } from "../../../lib/hub";
import { MemwellError } from "../../../lib/errors";

it("does not tell strangers where the cache is that is not there, and leaves other errors alone", async () => {
  const thrown: unknown = await Promise.resolve()
    .then(() => scanCache('/nowhere/at "all"/hub'))
    .catch((error: unknown) => error);
  expect(JSON.stringify((thrown as MemwellError).toRecord())).toContain("nowhere");
  const shown = withoutCacheFolder(thrown) as MemwellError;
  expect(JSON.stringify(shown.toRecord())).not.toContain("nowhere");
  expect(shown.code).toBe((thrown as MemwellError).code);
  const other = new MemwellError("aborted", "Over.");
  expect(withoutCacheFolder(other)).toBe(other);
});

it("knows the errors of another bundle, whose class is not this one's", () => {
  const { code, message, fields } = new MemwellError("cache_not_found", "/nowhere/hub: not there.", {
    cache_dir: "/nowhere/hub",
  });
  const other = Object.assign(new Error(message), { name: "MemwellError", code, fields });
  const shown = withoutCacheFolder(other) as MemwellError;
  expect(shown).toMatchObject({ code, message: "the cache: not there.", fields: {} });
});
