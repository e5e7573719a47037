import type { MemoryBody } from "@/lib/wire";

import { MessageTime } from "../MessageTime";
import { Bytes } from "./Bytes";

type Peak = MemoryBody["peaks"][number];

const NAMES: Partial<Record<Peak["of"], string>> = {
  container: "container",
  host: "machine",
  server: "web server",
  spare: "spare process",
};

/** What was the most, and when: of each process, the container and each GPU. */
export function MemoryPeaks({ peaks }: { peaks: MemoryBody["peaks"] }) {
  const shown = peaks.filter(({ of, figure }) => figure === "resident" || (figure === "used" && of !== "budget"));
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby="peaks-title">
      <h2 id="peaks-title" className="font-semibold">
        Peaks
      </h2>
      <div
        role="region"
        aria-label="The most that was held"
        tabIndex={0}
        className="mt-1 overflow-x-auto rounded-box border border-line bg-surface text-sm"
      >
        <table className="w-full border-collapse" data-testid="peaks">
          <thead>
            <tr className="bg-raised">
              {["Of", "Since the server started", "As long as samples are kept"].map((name) => (
                <th key={name} scope="col" className="px-2 py-1 text-left">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((peak) => (
              <tr key={`${peak.of}/${peak.name ?? ""}`} className="border-t border-line">
                <th scope="row" className="px-2 py-1 text-left font-normal">
                  {nameOf(peak)}
                </th>
                <Moment moment={peak.since_start} />
                <Moment moment={peak.kept} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function nameOf({ of, name }: Peak): string {
  if (of === "gpu") return `GPU ${name ?? ""}`;
  return NAMES[of] ?? name ?? of;
}

function Moment({ moment }: { moment: Peak["kept"] }) {
  return (
    <td className="px-2 py-1 whitespace-nowrap">
      {moment === null ? (
        "–"
      ) : (
        <>
          <Bytes bytes={moment.bytes} /> at <MessageTime moment={moment.time} />
        </>
      )}
    </td>
  );
}
