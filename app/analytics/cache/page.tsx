import type { Metadata } from "next";

import { CachePage } from "../../_components/analytics/CachePage";

export const metadata: Metadata = { title: "Cache" };

export default function Page() {
  return <CachePage />;
}
