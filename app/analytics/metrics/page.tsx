import type { Metadata } from "next";

import { MetricsPage } from "../../_components/analytics/MetricsPage";

export const metadata: Metadata = { title: "Metrics" };

export default function Page() {
  return <MetricsPage />;
}
