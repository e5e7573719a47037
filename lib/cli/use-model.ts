import { setTimeout as sleep } from "node:timers/promises";
import { MemwellError, type ErrorCode } from "../runtime";
import { encodeModelUse, type ModelUseBody } from "../wire";
import { withoutServer } from "./catalogue";
import { untilInterrupted } from "./interrupt";
import { printable, printJson } from "./output";
import { askServer, isNobodyThere, type ServerOptions } from "./server-client";
import { TransferBar } from "./transfer-bar";

const LOOK_EVERY_MS = 250;
const ROUTE = "/api/models/use";

interface UseOptions extends ServerOptions {
  role?: "response" | "reasoning";
}

/** Whoever changes the model: the running server, or this process. */
interface Changer {
  begin: () => Promise<ModelUseBody>;
  look: () => Promise<ModelUseBody | null>;
  cancel: () => Promise<unknown>;
}

/** Downloads a model of the catalogue and lets it answer; Ctrl+C leaves the one before answering. */
export async function useModel(id: string, options: UseOptions): Promise<void> {
  const call = { id, ...(options.role !== undefined && { role: options.role }) };
  const isServerThere = await askServer(options, "GET", ROUTE).then(
    () => true,
    (thrown: unknown) => {
      if (!isNobodyThere(thrown, options)) throw thrown;
      return false;
    },
  );
  if (isServerThere) return follow(serverChanger(call, options), options);
  await withoutServer(({ catalogue }) =>
    follow(
      {
        begin: async () => encodeModelUse(await catalogue.use(call), true),
        look: () => Promise.resolve(catalogue.now === null ? null : encodeModelUse(catalogue.now, true)),
        cancel: () => catalogue.cancel(),
      },
      options,
    ),
  );
}

function serverChanger(call: object, options: UseOptions): Changer {
  type Answer = { use: ModelUseBody };
  return {
    begin: async () => (await askServer<Answer>(options, "POST", ROUTE, call)).use,
    look: async () => (await askServer<Answer>(options, "GET", ROUTE)).use,
    cancel: () => askServer(options, "DELETE", ROUTE),
  };
}

async function follow(changer: Changer, options: UseOptions): Promise<void> {
  const bar = new TransferBar();
  try {
    await untilInterrupted(async (signal) => {
      let use = await changer.begin();
      let isCancelled = false;
      while (["checking", "downloading", "loading"].includes(use.phase)) {
        show(bar, use);
        await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
        if (signal.aborted && !isCancelled) {
          isCancelled = true;
          await changer.cancel();
        }
        use = sameChange(await changer.look(), use);
      }
      bar.end();
      end(use, options);
    });
  } finally {
    bar.end();
  }
}

/** @throws MemwellError when a server that has begun anew, or changes to another model by now, cannot say how it ended */
function sameChange(now: ModelUseBody | null, before: ModelUseBody): ModelUseBody {
  if (now?.id === before.id) return now;
  throw new MemwellError(
    "not_found",
    `How the change to ${before.name} ended is not known any more: \`memwell models list\` shows which model answers.`,
  );
}

function show(bar: TransferBar, { download }: ModelUseBody): void {
  if (download?.stage !== "downloading") return;
  const { received: done = 0, total = 0, bytes_per_second: bytesPerSecond, remaining_ms: remainingMs } = download;
  bar.update({ done, total, bytesPerSecond, remainingMs });
}

/** @throws MemwellError what the change failed with */
function end(use: ModelUseBody, { json }: UseOptions): void {
  if (json) printJson(use);
  if (use.phase === "failed")
    throw new MemwellError((use.error?.code ?? "internal") as ErrorCode, use.error?.message ?? "It failed.");
  if (use.phase === "cancelled") {
    process.stderr.write("Stopped. What has arrived is kept: the same command goes on from there.\n");
    process.exitCode ??= 1;
    return;
  }
  if (use.not_kept !== null) process.stderr.write(`${printable(use.not_kept)}\n`);
  if (!json) process.stdout.write(`${printable(use.name)} answers now (${use.roles.join(", ")}).\n`);
}
