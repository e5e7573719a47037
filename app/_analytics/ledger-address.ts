import type { MemoryLogEntry } from "@/lib/wire";

export const LEDGER_STEPS: readonly MemoryLogEntry["step"][] = [
  "start",
  "load",
  "context",
  "restore",
  "prefill",
  "decode",
  "save",
  "unload",
];

/** Which steps of the ledger are shown; an empty text: all. */
export interface LedgerFilter {
  run: string;
  model: string;
  step: string;
}

const MEMORY = "/analytics/memory";
const LONGEST = 200;

/** The filter in an address; what no filter can be counts as not given. Pure. */
export function ledgerFilterOf(search: string): LedgerFilter {
  const given = new URLSearchParams(search);
  const read = (name: keyof LedgerFilter) => (given.get(name) ?? "").slice(0, LONGEST);
  const step = LEDGER_STEPS.find((known) => known === given.get("step")) ?? "";
  return { run: read("run"), model: read("model"), step };
}

/** Where the ledger shows this, in the page's theme. */
export function ledgerAddress(filter: LedgerFilter, search = searchOfPage()): string {
  return addressWith(MEMORY, { ...filter }, search);
}

/** Where the chat shows the answer of a run, for the visitor whose it is. */
export function turnAddress(run: string, search = searchOfPage()): string {
  return addressWith("/", { run }, search);
}

function addressWith(path: string, wanted: Record<string, string>, search: string): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) if (value !== "") query.set(name, value);
  const theme = new URLSearchParams(search).get("__theme");
  if (theme === "dark" || theme === "light") query.set("__theme", theme);
  return query.size === 0 ? path : `${path}?${query}`;
}

function searchOfPage(): string {
  return typeof window === "undefined" ? "" : window.location.search;
}
