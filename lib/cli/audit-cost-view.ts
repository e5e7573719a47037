import type { CostReport } from "../runtime";
import { bytes, part, table } from "./audit-table";

/** What the bytes cost a month, for people: a row for now and for each phase, then where the prices are from. */
export function costLines(cost: CostReport): string[] {
  return [
    ...part("What it would cost a month (in dollars), kept there", table(monthlyRows(cost), FIGURES)),
    ...part("To fetch all of it once", table(transferRows(cost), FIGURES)),
    ...part("Prices", cost.services.flatMap(priceLines)),
  ];
}

const FIGURES = [1, 2, 3, 4, 5, 6, 7];

function monthlyRows({ services, states }: CostReport): string[][] {
  const rows = states.map(({ state, size, costs, published_size: published, published_monthly: hub }) => [
    state,
    bytes(size),
    ...costs.map(({ monthly }) => money(monthly)),
    published === 0 ? "" : `${bytes(published)} more: ${money(hub)}`,
  ]);
  return [["", "SIZE", ...services.map(({ label }) => label.toUpperCase()), "ON THE HUB"], ...rows];
}

function transferRows({ services, states }: CostReport): string[][] {
  const rows = states.map(({ state, size, costs }) => [
    state,
    bytes(size),
    ...costs.map(({ transfer }) => money(transfer)),
  ]);
  return [["", "SIZE", ...services.map(({ label }) => label.toUpperCase())], ...rows];
}

function priceLines({ label, about, sources }: CostReport["services"][number]): string[] {
  const from = sources.map(({ what, url, as_of: day }) => `${what}: ${url} (${day ?? "no date"})`);
  return [`${label}: ${about}`, ...from.map((line) => `  ${line}`)];
}

function money(amount: number | null): string {
  return amount === null ? "-" : amount.toFixed(2);
}
