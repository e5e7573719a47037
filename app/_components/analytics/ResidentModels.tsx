import type { MemoryBody } from "@/lib/wire";

import { Bytes } from "./Bytes";

const CELL = "px-2 py-1 text-right whitespace-nowrap tabular-nums";

/** Who is resident: what each process was expected to take, and what it does. */
export function ResidentModels({ memory }: { memory: MemoryBody }) {
  const { models, server, spare } = memory;
  const others = [
    ...(server === null ? [] : [{ name: "web server", state: "", figures: server }]),
    ...(spare === null ? [] : [{ name: "spare process", state: "warm", figures: spare }]),
  ];
  return (
    <section aria-labelledby="resident-title">
      <h2 id="resident-title" className="font-semibold">
        Resident now
      </h2>
      <div
        role="region"
        aria-label="Processes and their memory"
        tabIndex={0}
        className="mt-1 overflow-x-auto rounded-box border border-line bg-surface text-sm"
      >
        <table className="w-full border-collapse" data-testid="resident">
          <thead>
            <tr className="bg-raised">
              <th scope="col" className="px-2 py-1 text-left">
                Process
              </th>
              <th scope="col" className="px-2 py-1 text-left">
                State
              </th>
              {["Forecast", "Resident", "Peak", "Anonymous", "File-backed"].map((name) => (
                <th key={name} scope="col" className={CELL}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {models.map(({ ids, pid, state, forecast, rss, peak, anonymous, file }) => (
              <tr key={pid} className="border-t border-line">
                <th scope="row" className="px-2 py-1 text-left font-normal">
                  {ids.join(", ")}
                </th>
                <td className="px-2 py-1">{state}</td>
                <Figures figures={[forecast, rss, peak, anonymous, file]} />
              </tr>
            ))}
            {others.map(({ name, state, figures }) => (
              <tr key={name} className="border-t border-line">
                <th scope="row" className="px-2 py-1 text-left font-normal">
                  {name}
                </th>
                <td className="px-2 py-1">{state}</td>
                <Figures figures={[undefined, figures.rss, figures.peak, figures.anonymous, figures.file]} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {models.length === 0 && <p className="mt-1 text-sm text-quiet">No model is loaded.</p>}
    </section>
  );
}

function Figures({ figures }: { figures: readonly (number | undefined)[] }) {
  return figures.map((bytes, index) => (
    <td key={index} className={CELL}>
      {bytes === undefined ? <span className="text-quiet">–</span> : <Bytes bytes={bytes} />}
    </td>
  ));
}
