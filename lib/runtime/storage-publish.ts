import { MemwellError } from "../errors";
import { sha256Of, type PublishHelper } from "../audit";
import { publish, type HubSettings } from "../hub";
import { statSync } from "node:fs";

/** Uploads what leaves a folder to one repository of the Hub, under the paths that it had there. */
export function publishesTo(settings: HubSettings, repoId: string): PublishHelper {
  return {
    async publish({ files, signal, step }) {
      const request = {
        repo: { repo_type: "model", repo_id: repoId },
        files: files.map(({ path, absolute }) => ({ path: absolute, name: path })),
        message: `Move ${step.what} here`,
      } as const;
      const sums: { sha256: string; size: number }[] = [];
      for (const { absolute } of files)
        sums.push({ sha256: await sha256Of(Buffer.from(absolute, "utf8").toString("latin1"), signal), size: statSync(absolute).size }); // prettier-ignore
      let revision: string | null = null;
      for await (const event of publish(settings, request, { signal })) {
        if (event.type === "failed") throw MemwellError.fromRecord(event.error);
        if (event.type === "done") revision = event.commit_hash;
      }
      if (revision === null) return { reason: "the upload did not end" };
      const at = revision;
      return files.map(({ path }, index) => {
        const { sha256 = "", size = 0 } = sums[index] ?? {};
        return { path, repo_type: "model", repo: repoId, file: path, revision: at, sha256, size };
      });
    },
  };
}
