"use client";

import Link from "next/link";
import { useSyncExternalStore } from "react";

interface TabLinkProps {
  name: string;
  /** Where it leads; in the browser, whatever `readAddress` answers then. */
  address: string;
  readAddress: () => string;
  isCurrent: boolean;
  onLeave?: () => void;
}

/** One tab: a link to a page, underlined when that is the page. */
export function TabLink({ name, address, readAddress, isCurrent, onLeave }: TabLinkProps) {
  // The page is drawn at build time, when nobody knows the theme or the conversation.
  const target = useSyncExternalStore(hearGoing, readAddress, () => address);
  return (
    <Link
      href={target}
      // Fetched ahead, the other page would weigh on the first one.
      prefetch={false}
      aria-current={isCurrent ? "page" : undefined}
      className="-mb-px inline-flex min-h-7 items-center border-b-2 border-transparent px-2 py-0.5 text-quiet hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-accent"
      onClick={(event) => {
        // It leads nowhere else, and the chat's own address may be a newer one.
        if (isCurrent && !event.metaKey && !event.ctrlKey) event.preventDefault();
        else onLeave?.();
      }}
    >
      {name}
    </Link>
  );
}

function hearGoing(onChange: () => void): () => void {
  window.addEventListener("popstate", onChange);
  return () => window.removeEventListener("popstate", onChange);
}
