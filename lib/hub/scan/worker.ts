import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { MemwellError, toMemwellError } from "../../errors";
import { parseRepoFolder } from "../layout";
import { readRepo } from "./entry";
import type { HelperAnswer, HelperData, HelperQuestion } from "./helper";
import { scanToJson } from "./json";
import { revisionFiles } from "./revision-files";
import { CacheScanner } from "./scanner";
import type { CacheScan } from "./contract";
import type { ScannerQuestion, ScannerTask, ScannerThreadData } from "./thread";
import { Witness } from "./witness";

/*
 * The program of both threads of the cache, built as one file: that of a `ScannerThread`, which keeps what it has read
 * for the next scan, and the helper of one scan, which reads whatever repositories it is told.
 */

const data: ScannerThreadData | HelperData = workerData;
if (data.role === "scanner") beScanner(data);
else beHelper(data);

function beScanner({ cacheDir, options }: ScannerThreadData): void {
  const scanner = new CacheScanner(cacheDir, options);
  const answer = async ({ port, ...task }: ScannerQuestion) => {
    try {
      port.postMessage({ answer: answerFrom(await scanner.scan(), task) });
    } catch (thrown) {
      port.postMessage({ error: toMemwellError(thrown).toRecord() });
    }
    port.close();
  };
  parentPort?.on("message", (question: ScannerQuestion) => void answer(question));
}

function answerFrom(scan: CacheScan, task: ScannerTask): unknown {
  switch (task.kind) {
    case "scan":
      return scan;
    case "list":
      return scanToJson(scan);
    case "files":
      return revisionFiles(scan, task.of);
  }
}

function beHelper({ root, payloads, coarsestTimeMs }: HelperData): void {
  const readOne = (folder: string): HelperAnswer[number] => {
    const name = parseRepoFolder(folder);
    if (name === null) throw new MemwellError("internal", `${folder} is no repository. Please report this bug.`);
    const witness = coarsestTimeMs === null ? null : new Witness(coarsestTimeMs);
    const reading = readRepo(join(root, folder), name, { root, payloads }, witness);
    return { reading, witness: witness?.toData() ?? null };
  };
  parentPort?.on("message", (folders: HelperQuestion) => parentPort?.postMessage(folders.map(readOne)));
  parentPort?.postMessage([]);
}
