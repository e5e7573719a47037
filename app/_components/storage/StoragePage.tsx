"use client";

import { useStorageFolders } from "../../_storage/use-storage-folders";
import { useStoragePlace } from "../../_storage/use-storage-place";
import { FolderChoice } from "./FolderChoice";
import { FolderStorage } from "./FolderStorage";
import { NoFolders } from "./NoFolders";

/** Why the folders of this server are as large as they are, and what can be done about it. */
export function StoragePage() {
  const { folders, problem, refresh } = useStorageFolders();
  const [place, go] = useStoragePlace();
  const folder = folders?.find(({ name }) => name === place.folder) ?? folders?.[0];
  return (
    <div className="flex flex-col gap-4">
      {problem !== null && (
        <p
          role="alert"
          className="rounded-box border border-bad-line bg-bad-soft px-3 py-2 wrap-anywhere text-bad"
          data-testid="problem"
        >
          {problem.message}
          {folders !== null && " What is shown below was read before."}
        </p>
      )}
      {folders === null && problem === null && <p className="text-quiet">The folders are being read.</p>}
      {folders !== null && folder === undefined && <NoFolders />}
      {folder !== undefined && (
        <>
          {folders !== null && folders.length > 1 && (
            <FolderChoice folders={folders} chosen={folder.name} onChoose={(name) => go({ folder: name, path: "." })} />
          )}
          <FolderStorage
            key={folder.name}
            folder={folder}
            path={place.path}
            onGo={(path) => go({ folder: folder.name, path })}
            refresh={refresh}
          />
        </>
      )}
    </div>
  );
}
