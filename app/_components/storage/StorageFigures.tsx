import type { ReactNode } from "react";

import { counted, formatCount } from "../../_analytics/words";
import type { StorageReport } from "../../_storage/contract";
import { Size } from "./Size";

interface Figure {
  name: string;
  value: ReactNode;
  note?: string;
}

/** A folder in figures: how large, how much of the disk, how many files, how much of it is to be looked at now. */
export function StorageFigures({ report }: { report: StorageReport }) {
  const { total, act_now: actNow, nb_folders: folders } = report;
  const main: Figure[] = [
    { name: "Total", value: <Size bytes={total.apparent_size} />, note: "as the files' lengths say" },
    { name: "On disk", value: <Size bytes={total.size_on_disk} />, note: "what the disk gave them" },
    {
      name: "Files",
      value: <data value={total.nb_files}>{formatCount(total.nb_files)}</data>,
      note: `in ${counted(folders, "folder")}`,
    },
    {
      name: "Act now",
      value: <Size bytes={actNow.apparent_size} />,
      note: counted(actNow.nb_findings, "finding"),
    },
  ];
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2" data-testid="storage-figures">
      {main.map((figure) => (
        <FigureView key={figure.name} figure={figure} isLarge />
      ))}
      {besides(report).map((figure) => (
        <FigureView key={figure.name} figure={figure} />
      ))}
    </dl>
  );
}

function FigureView({ figure: { name, value, note }, isLarge = false }: { figure: Figure; isLarge?: boolean }) {
  return (
    <div className="min-w-0" data-figure={name}>
      <dt className="text-sm text-quiet">{name}</dt>
      <dd>
        <span className={isLarge ? "text-2xl leading-tight font-semibold" : "text-lg"}>{value}</span>
        {note !== undefined && <span className="ml-1.5 text-xs text-quiet">{note}</span>}
      </dd>
    </div>
  );
}

/** What it is, and what counts but once; nothing is shown of what is not there. */
function besides({ sections, duplicates, hard_links: links, sparse }: StorageReport): Figure[] {
  const found: [name: string, size: number, note: string][] = [
    ...sections.map(({ section, apparent_size, nb_files }): [string, number, string] => [
      section === "models" ? "Models" : section === "backups" ? "Backups" : "Other",
      apparent_size,
      counted(nb_files, "file"),
    ]),
    ["Stored twice", duplicates.apparent_size, counted(duplicates.same_bytes.count, "group")],
    ["Hard links", links.saved_size, counted(links.nb_names, "more name")],
    ["Holes in files", sparse.unallocated_size, counted(sparse.nb_files, "sparse file")],
  ];
  return found
    .filter(([, size]) => size > 0)
    .map(([name, bytes, note]) => ({ name, value: <Size bytes={bytes} />, note }));
}
