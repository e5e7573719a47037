import type { ReactNode } from "react";

import type { CacheBody } from "../../_analytics/cache-contract";
import { counted, formatCount } from "../../_analytics/words";
import { Bytes } from "./Bytes";

interface Figure {
  name: string;
  value: ReactNode;
  note?: string;
}

/** The cache in figures: how large, how many, how much room is left; then what is there beside, if anything. */
export function CacheFigures({ cache }: { cache: CacheBody }) {
  const { disk } = cache;
  const main: Figure[] = [
    { name: "Size", value: <Bytes bytes={cache.size_on_disk} />, note: "what revisions use, each byte once" },
    { name: "Repositories", value: <data value={cache.nb_repos}>{formatCount(cache.nb_repos)}</data> },
    {
      name: "Free disk",
      value: disk === null ? "unknown" : <Bytes bytes={disk.free_size} />,
      ...(disk !== null && { note: `of ${Math.round(disk.total_size / 1e9)} GB` }),
    },
  ];
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2" data-testid="cache-figures">
      {main.map((figure) => (
        <FigureView key={figure.name} figure={figure} isLarge />
      ))}
      {besides(cache).map((figure) => (
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

/** What no repository's size counts, or several count; nothing is shown of what is not there. */
function besides(cache: CacheBody): Figure[] {
  const { incomplete, repos, shared_store, shared_by_repos, duplicates, leftover, xet, assets } = cache;
  const unused = repos.flatMap((repo) => repo.unused_blobs);
  const found: [name: string, size: number, note: string][] = [
    ["Incomplete downloads", sum(incomplete), counted(incomplete.length, "file")],
    ["Unused blobs", sum(unused), counted(unused.length, "file")],
    ["Shared store", shared_store?.size_on_disk ?? 0, counted(shared_store?.nb_files ?? 0, "file")],
    ["Shared by repositories", shared_by_repos.size_on_disk, counted(shared_by_repos.nb_files, "file")],
    ["Stored twice", duplicates.size_on_disk, counted(duplicates.nb_files, "copy", "copies")],
    ["Left by a cut-off cleaning", leftover?.size_on_disk ?? 0, "prune ends it"],
    ["Xet chunks", xet?.size_on_disk ?? 0, "beside the cache"],
    ["Assets", assets?.size_on_disk ?? 0, "beside the cache"],
  ];
  return found
    .filter(([, size]) => size > 0)
    .map(([name, size, note]) => ({ name, value: <Bytes bytes={size} />, note }));
}

function sum(files: readonly { size_on_disk: number }[]): number {
  return files.reduce((total, { size_on_disk }) => total + size_on_disk, 0);
}
