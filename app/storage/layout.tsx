import type { ReactNode } from "react";

import { AGENT_ID } from "@/lib/wire";

import { Footer } from "../_components/Footer";
import { SiteTabs } from "../_components/SiteTabs";

/** Static, as the other pages are: what is in the folders is asked for by the browser. */
export default function StorageLayout({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col gap-3 px-3 pt-3 sm:px-5">
      <header className="flex flex-wrap items-center gap-x-5 gap-y-1">
        <h1 className="text-xl leading-tight font-semibold">Memwell</h1>
        <SiteTabs current="storage" />
      </header>
      <main className="min-w-0 flex-1 border-t border-line pt-3">{children}</main>
      <Footer modelId={AGENT_ID} />
    </div>
  );
}
