import { parentPort, workerData } from "node:worker_threads";
import { toMemwellError } from "../../errors";
import { CANCEL, type StorageQuestion, type StorageReply, type StorageThreadData } from "./tasks";
import { StorageWorker } from "./storage-worker";

/*
 * The program of the thread that audits folders, built as one file.
 */

/** Each message is copied; a bar need not move more often. */
const TELL_EVERY_MS = 50;

const { keptIn } = workerData as StorageThreadData;
const worker = new StorageWorker(keptIn);

async function answer({ port, ...task }: StorageQuestion): Promise<void> {
  const reply = (message: StorageReply): void => port.postMessage(message);
  const abort = new AbortController();
  port.on("message", (word) => word === CANCEL && abort.abort());
  let told = -Infinity;
  const onProgress = (progress: object, isLast = false): void => {
    const now = performance.now();
    if (!isLast && now < told + TELL_EVERY_MS) return;
    told = now;
    reply({ progress });
  };
  try {
    reply({ answer: await worker.answer(task, { signal: abort.signal, onProgress }) });
  } catch (thrown) {
    reply({ error: toMemwellError(thrown).toRecord() });
  }
  port.close();
}

parentPort?.on("message", (question: StorageQuestion) => void answer(question));
