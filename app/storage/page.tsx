import type { Metadata } from "next";

import { StoragePage } from "../_components/storage/StoragePage";

export const metadata: Metadata = { title: "Storage" };

export default function Page() {
  return <StoragePage />;
}
