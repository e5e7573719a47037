import { ESLint } from "eslint";
import { parser } from "typescript-eslint";
import { describe, expect, it } from "vitest";
import { roomRules } from "../../scripts/eslint/rooms.mjs";

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [{ ...roomRules, languageOptions: { parser } }],
});

/** What the rule says about `code` as if it stood in `file`; none of these files need exist. */
async function complaints(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: file });
  return (result?.messages ?? []).map((message) => message.message);
}

const ALLOWED: [file: string, code: string][] = [
  ["lib/errors/index.ts", 'import { z } from "zod";'],
  [
    "lib/config/index.ts",
    'import { z } from "zod"; import { MemwellError } from "../errors"; import os from "node:os";',
  ],
  ["lib/memory/limits.ts", 'import { MemwellError } from "../errors"; import { sum } from "./sum";'],
  ["lib/gguf/read.ts", 'import { MemwellError } from "@/lib/errors";'],
  [
    "lib/engine/engine-process.ts",
    'import { readLimits } from "../memory"; import { readHeader } from "../gguf/index";',
  ],
  ["lib/engine/child/main.ts", 'import { getLlama } from "node-llama-cpp";'],
  ["lib/engine/child/main.ts", 'import type { X } from "../protocol"; import type { Y } from "../contract";'],
  ["lib/engine/child/channel.ts", 'import { readLines } from "../lines"; import { z } from "zod";'],
  ["lib/engine/child/main.ts", 'import { MemwellError } from "../../errors"; import { load } from "./load";'],
  ["lib/residency/plan.ts", 'import { createEngine } from "../engine"; import { readLimits } from "../memory";'],
  ["lib/agent/pipeline.ts", 'import type { GenerateEvent } from "../engine";'],
  ["lib/audit/size.ts", 'import { cacheLayout } from "../hub/layout"; import { readGgufHeader } from "../gguf";'],
  [
    "lib/analytics/summary.ts",
    'import { TIMED_STEPS } from "../store"; import type { AgentEvent } from "../agent"; import type { L } from "../memory";',
  ],
  ["lib/wire/metrics.ts", 'import type { Summary } from "../analytics";'],
  ["lib/wire/chat.ts", 'import { z } from "zod"; import { MemwellError } from "../errors";'],
  ["lib/wire/chat.ts", 'import type { GenerateEvent } from "../engine/contract";'],
  ["lib/wire/chat.ts", 'type Event = import("../engine").GenerateEvent;'],
  [
    "lib/runtime/index.ts",
    'import { a } from "../store"; import { b } from "../residency"; import { c } from "../agent";',
  ],
  ["lib/cli/main.ts", 'import { createRuntime } from "../runtime"; import { Command } from "commander";'],
  ["lib/cli/main.ts", 'import { version } from "../../package.json";'],
  ["app/_server/runtime.ts", 'import { createRuntime } from "@/lib/runtime"; import { a } from "../../lib/wire";'],
  ["app/page.tsx", 'import { Chat } from "./chat/chat"; import Link from "next/link"; import { a } from "@/app/x";'],
  ["tests/unit/plan.test.ts", 'import { planEviction } from "../../lib/residency/plan";'],
];

const FORBIDDEN: [file: string, code: string, complaint: string][] = [
  ["lib/errors/index.ts", 'import { a } from "../config";', "lib/errors may not import lib/config"],
  ["lib/errors/index.ts", 'import os from "node:os";', "shared with the browser"],
  ["lib/config/index.ts", 'import { a } from "../memory";', "lib/config may not import lib/memory"],
  ["lib/config/index.ts", 'import { a } from "commander";', "may not import the package commander"],
  ["lib/memory/limits.ts", 'import { a } from "../engine";', "lib/memory may not import lib/engine"],
  ["lib/gguf/read.ts", 'import { a } from "../memory";', "lib/gguf may not import lib/memory"],
  ["lib/engine/index.ts", 'import { a } from "../residency";', "lib/engine may not import lib/residency"],
  ["lib/engine/index.ts", 'import { getLlama } from "node-llama-cpp";', "Only lib/engine/child"],
  ["lib/engine/index.ts", 'import { a } from "./child/main";', "lib/engine may not import lib/engine/child"],
  ["lib/engine/index.ts", 'import { a } from "../memory/limits";', "through its index.ts"],
  ["lib/engine/child/main.ts", 'import { a } from "../engine-process";', "may not import lib/engine"],
  ["lib/engine/child/main.ts", 'import { a } from "../../memory";', "may not import lib/memory"],
  ["lib/residency/plan.ts", 'import { a } from "../store";', "lib/residency may not import lib/store"],
  ["lib/residency/plan.ts", 'import { a } from "../engine/contract";', "through its index.ts"],
  ["lib/agent/pipeline.ts", 'import { createEngine } from "../engine";', "only types from lib/engine"],
  ["lib/agent/pipeline.ts", 'import type { Lease } from "../residency";', "lib/agent may not import lib/residency"],
  ["lib/hub/scan.ts", 'import { a } from "../audit";', "lib/hub may not import lib/audit"],
  ["lib/audit/size.ts", 'import { a } from "../hub";', "lib/audit may not import lib/hub"],
  ["lib/audit/size.ts", 'import { a } from "../gguf/types";', "through its index.ts"],
  ["lib/store/index.ts", 'import { a } from "../agent";', "lib/store may not import lib/agent"],
  ["lib/store/index.ts", 'import { a } from "../analytics";', "lib/store may not import lib/analytics"],
  ["lib/analytics/index.ts", 'import { runTurn } from "../agent";', "only types from lib/agent"],
  ["lib/analytics/index.ts", 'import { a } from "../residency";', "lib/analytics may not import lib/residency"],
  ["lib/wire/chat.ts", 'import { readFileSync } from "node:fs";', "shared with the browser"],
  ["lib/wire/chat.ts", 'import { createEngine } from "../engine";', "only types from lib/engine"],
  ["lib/wire/chat.ts", 'export * from "../runtime";', "lib/wire may not import lib/runtime"],
  ["lib/runtime/index.ts", 'import { a } from "@/app/page";', "lib/runtime may not import app"],
  ["lib/runtime/index.ts", 'import { a } from "../store/sql";', "through its index.ts"],
  ["lib/cli/main.ts", 'import { a } from "../engine";', "lib/cli may not import lib/engine"],
  ["lib/cli/main.ts", 'const a = await import("node-llama-cpp");', "Only lib/engine/child"],
  ["lib/new-room/index.ts", 'import { a } from "../memory";', "not in the table of rooms"],
  ["app/page.tsx", 'import { a } from "@/lib/engine";', "app may not import lib/engine"],
  ["app/page.tsx", 'type A = import("@/lib/store").A;', "app may not import lib/store"],
  ["app/page.tsx", 'import { a } from "@/lib/runtime/contract";', "through its index.ts"],
  ["tests/unit/engine.test.ts", 'import { getLlama } from "node-llama-cpp";', "Only lib/engine/child"],
];

describe("import directions", () => {
  it.each(ALLOWED)("%s may contain %s", async (file, code) => {
    expect(await complaints(file, code)).toEqual([]);
  });

  it.each(FORBIDDEN)("%s may not contain %s", async (file, code, complaint) => {
    expect(await complaints(file, code)).toEqual([expect.stringContaining(complaint)]);
  });
});
