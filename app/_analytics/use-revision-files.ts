"use client";

import { useEffect, useState } from "react";

import { asRefusal, askServer, type ServerRefusal } from "./ask-server";
import type { RevisionFiles } from "./cache-contract";

export interface ReadRevisionFiles {
  /** Null until they were read. */
  files: RevisionFiles | null;
  problem: ServerRefusal | null;
}

/**
 * The files of one revision, read when it is opened.
 *
 * @param repo as `model/ORG/NAME`
 * @param listing the id of the listing it is from: with another one they are read again
 */
export function useRevisionFiles(repo: string, commit: string, listing: string): ReadRevisionFiles {
  const [read, setRead] = useState<ReadRevisionFiles>({ files: null, problem: null });
  useEffect(() => {
    const ending = new AbortController();
    const query = new URLSearchParams({ repo, revision: commit });
    askServer<RevisionFiles>(`/api/cache/files?${query}`, { signal: ending.signal }).then(
      (files) => setRead({ files, problem: null }),
      (thrown: unknown) => ending.signal.aborted || setRead({ files: null, problem: asRefusal(thrown) }),
    );
    return () => ending.abort();
  }, [repo, commit, listing]);
  return read;
}
