import type { Metadata } from "next";

import { MemoryPage } from "../../_components/analytics/MemoryPage";

export const metadata: Metadata = { title: "Memory" };

export default function Page() {
  return <MemoryPage />;
}
