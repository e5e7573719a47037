"use client";

import { useEffect } from "react";

/** Shown in place of a page that broke; what was typed is kept by the browser and comes back with the page. */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <main className="mx-auto max-w-xl px-4 py-16">
      <h1 className="text-xl font-semibold">This page broke</h1>
      <p className="mt-2 text-quiet">
        It is a bug in Memwell: {error instanceof Error ? error.message : String(error)}. The text you were typing is
        kept.
      </p>
      <button type="button" className="button-quiet mt-4" onClick={retry}>
        Show the page again
      </button>
    </main>
  );
}
