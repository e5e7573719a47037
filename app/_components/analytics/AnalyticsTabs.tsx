"use client";

import { usePathname } from "next/navigation";

import { themeOfAddress } from "../../_chat/chat-address";
import { TabLink } from "../TabLink";

const PARTS = [
  { name: "Cache", address: "/analytics/cache" },
  { name: "Memory", address: "/analytics/memory" },
  { name: "Metrics", address: "/analytics/metrics" },
];

/** The parts of Analytics, each with an address of its own. */
export function AnalyticsTabs() {
  const here = usePathname();
  return (
    <nav aria-label="Analytics" className="flex gap-1 border-b border-line">
      {PARTS.map(({ name, address }) => (
        <TabLink
          key={address}
          name={name}
          address={address}
          readAddress={() => `${address}${themeOfAddress()}`}
          isCurrent={here === address}
        />
      ))}
    </nav>
  );
}
