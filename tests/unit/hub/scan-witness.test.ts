import { lstatSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Witness } from "../../../lib/hub/scan/witness";
import { scratchFolder, writeSized } from "./helpers";

const path = writeSized(join(scratchFolder(), "file"), 10);

function witnessWith(change: { inode?: bigint; modifiedNs?: bigint } = {}): Witness {
  const seen = new Witness(-1000);
  seen.saw(path);
  const data = seen.toData();
  const stamp = data.stamps.get(path);
  if (stamp == null) throw new Error("the file was not seen");
  data.stamps.set(path, { ...stamp, ...change });
  return Witness.fromData({ ...data, isTrusted: true });
}

it("knows a file by every digit of its inode and of its time", () => {
  const { ino, mtimeNs } = lstatSync(path, { bigint: true });
  expect(witnessWith().holds()).toBe(true);
  expect(witnessWith({ inode: ino, modifiedNs: mtimeNs }).holds()).toBe(true);
  expect(witnessWith({ inode: ino + 1n }).holds()).toBe(false);
  expect(witnessWith({ modifiedNs: mtimeNs + 1n }).holds()).toBe(false);
});
