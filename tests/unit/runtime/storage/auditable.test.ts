import { describe, expect, it } from "vitest";
import { auditableFolders, findAuditable } from "../../../../lib/runtime/storage/auditable";

describe("the folders that may be audited", () => {
  it("are called by the last part of their paths, and by a number where two would be called the same", () => {
    const folders = auditableFolders(["/a/models", "/b/models", "/", "/c/models-2", "/d/models"]);
    expect(folders.map(({ name }) => name)).toEqual(["models", "models-2", "root", "models-2-2", "models-3"]);
    for (const folder of folders) expect(findAuditable(folders, folder.name)).toBe(folder);
  });

  it.each(["", "etc", "/a/models", "../models", "models/", "MODELS"])("no other is: %j", (name) => {
    const failure = thrownBy(() => findAuditable(auditableFolders(["/a/models"]), name));
    expect(failure).toMatchObject({ code: "not_found", fields: { known: ["models"] } });
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (thrown) {
    return thrown;
  }
  return null;
}
