import { expect, test } from "vitest";

import { encodeModelList, type ModelSummary } from "../../../lib/wire";

const model = (id: string, roles: string[]): ModelSummary => ({
  id,
  roles,
  source: "demo",
  builtIn: { parameters: 4_200_000, topics: ["slope", "the Cold War"] },
  standIns: ["memwell-response"],
  adapterPath: null,
  fileBytes: 1000,
  state: "stopped",
  info: null,
  residentBytes: null,
  pinned: true,
  download: null,
  lastError: { code: "model_file_invalid", message: "Bad file.", fields: { path: "/secret" } },
});

test("lists the agent first, with the response model's facts", () => {
  const list = encodeModelList([model("thinker", ["reasoning"]), model("speaker", ["response"])], 7);
  expect(list.data.map((entry) => entry.id)).toEqual(["memwell", "thinker", "speaker"]);
  expect(list.data[0]?.memwell).toEqual({
    state: "stopped",
    roles: ["response"],
    source: "demo",
    built_in: { parameters: 4_200_000, topics: ["slope", "the Cold War"] },
    stand_ins: ["memwell-response"],
    adapter: false,
    file_bytes: 1000,
    download: null,
    resident_bytes: null,
    pinned: true,
    context_size: null,
    sequences: null,
    architecture: null,
    parameters: null,
    thinks: null,
    error: { code: "model_file_invalid", message: "Bad file." },
  });
  expect(list.data[1]).toMatchObject({ object: "model", created: 7, owned_by: "memwell" });
});

test("does not add the agent twice", () => {
  const list = encodeModelList([model("speaker", ["response"]), model("memwell", ["response"])], 7);
  expect(list.data.map((entry) => entry.id)).toEqual(["memwell", "speaker"]);
});

test("lists nothing when there is nothing", () => {
  expect(encodeModelList([], 7)).toEqual({ object: "list", data: [] });
});

test("says what the agent may be asked for, and says it of nobody else", () => {
  const settings = { system_prompt: true, domains: ["business"] };
  const { data } = encodeModelList([model("speaker", ["response"])], 7, settings);
  expect(data.map(({ memwell }) => memwell.settings)).toEqual([settings, undefined]);
});
