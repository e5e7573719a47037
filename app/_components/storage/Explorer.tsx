import { useId, useState } from "react";

import type { FolderRow, FolderView } from "../../_storage/contract";
import { useAnswer } from "../../_storage/use-answer";
import { Breadcrumb } from "./Breadcrumb";
import { FolderTable } from "./FolderTable";
import { TreemapFigure } from "./TreemapFigure";

interface ExplorerProps {
  folder: string;
  audit: string;
  path: string;
  onGo: (path: string) => void;
}

/** What lies in a folder, as a drawing and as a table; both lead into the folders below. */
export function Explorer({ folder, audit, path, onGo }: ExplorerProps) {
  const id = useId();
  const query = `folder=${encodeURIComponent(folder)}&path=${encodeURIComponent(path)}`;
  const { body: view, problem, isLoading } = useAnswer<FolderView>(`/api/storage/folder?${query}`, audit);
  const [picked, setPicked] = useState<string | null>(null);
  const open = (row: FolderRow) => {
    if (row.type === "folder") onGo(row.path);
    else if (row.type === "file") setPicked(row.path);
  };
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2" data-testid="explorer" data-path={view?.path}>
      <h2 id={id} className="text-lg font-semibold">
        What is in it
      </h2>
      <Breadcrumb folder={folder} path={path} onGo={onGo} />
      {problem !== null && (
        <p role="alert" className="wrap-anywhere text-bad" data-testid="no-such-folder">
          {problem.message}
        </p>
      )}
      {view !== null && problem === null && (
        <div className="grid gap-4 lg:grid-cols-2" aria-busy={isLoading}>
          <TreemapFigure view={view} onOpen={open} onGo={onGo} />
          <FolderTable key={`${view.audit} ${view.path}`} view={view} picked={picked} onOpen={open} />
        </div>
      )}
    </section>
  );
}
