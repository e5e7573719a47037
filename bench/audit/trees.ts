import { randomFillSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILES_IN_FOLDER = 100;

/** Small files as a repository has them: 100 in each folder, ten folders in each folder above. */
export function buildSmallFiles(folder: string, count: number): void {
  for (let index = 0; index < count / FILES_IN_FOLDER; index++) {
    const path = join(folder, String(Math.floor(index / 10)), String(index % 10));
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < FILES_IN_FOLDER; file++)
      writeFileSync(join(path, `file-${file}.py`), `import json\n\nVALUE = ${index * FILES_IN_FOLDER + file}\n`);
  }
}

const MEGABYTE = 1_000_000;

/**
 * 1.3 GB as models take it: many files of a length of their own, some of the same length with other bytes (fine-tunes of
 * one base), and a tenth of it twice.
 */
export function buildLargeFiles(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const block = Buffer.alloc(MEGABYTE);
  const write = (name: string, megabytes: number, more: number): void => {
    const parts = Array.from({ length: megabytes }, () => Buffer.from(randomFillSync(block)));
    writeFileSync(join(folder, name), Buffer.concat([...parts, Buffer.alloc(more)]));
  };
  for (let index = 0; index < 60; index++) write(`own-${index}`, 12, index + 1);
  for (let index = 0; index < 40; index++) write(`same-${index}`, 11, 0);
  for (let index = 0; index < 5; index++) {
    const parts = Array.from({ length: 13 }, () => Buffer.from(randomFillSync(block)));
    const bytes = Buffer.concat([...parts, Buffer.alloc(100 + index)]);
    for (const name of ["a", "b"]) writeFileSync(join(folder, `twice-${index}-${name}`), bytes);
  }
}
