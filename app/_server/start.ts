import { errorRecordOf } from "@/lib/wire";

import { watchPeers } from "./peer";
import { existingRuntime, getRuntime } from "./runtime";

/** Docker kills ten seconds after it asks: children must be gone before. */
const CLOSE_WITHIN_MS = 8000;

/**
 * What the server does before its first request: settings are read, so that a bad one stops it at once, and signals
 * close the runtime. No model is loaded here. Called once by `instrumentation.register`, with NEXT_MANUAL_SIG_HANDLE
 * set so that Next leaves the signals to us.
 */
export async function startServer(): Promise<void> {
  watchPeers();
  let closing = false;
  const close = () => {
    if (closing) process.exit(1);
    closing = true;
    void closeServer();
  };
  process.on("SIGTERM", close);
  process.on("SIGINT", close);
  try {
    const runtime = await getRuntime();
    // Answers that an earlier process has left behind are ended before somebody asks for them.
    await runtime.chat.open().catch((thrown: unknown) => {
      process.stderr.write(`memwell: conversations cannot be kept: ${errorRecordOf(thrown).message}\n`);
    });
  } catch (thrown) {
    // A wrong setting is the operator's to mend: the message says how, a stack would bury it.
    process.stderr.write(`memwell: ${errorRecordOf(thrown).message}\n`);
    process.exit(1);
  }
}

async function closeServer(): Promise<void> {
  setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref();
  try {
    await (await existingRuntime())?.close();
    process.exit(0);
  } catch (thrown) {
    process.stderr.write(`memwell: closing failed: ${String(thrown)}\n`);
    process.exit(1);
  }
}
