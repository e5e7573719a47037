import type { AuditPlan, PhaseName } from "../plan/contract";
import { PRICES, type Prices, type Service } from "./prices";

/** What the bytes of a folder cost a month, wherever they are kept; before a plan and after each of its phases. */
export interface CostReport {
  currency: "USD";
  services: Pick<Service, "id" | "label" | "about" | "sources">[];
  states: CostState[];
}

export interface CostState {
  state: "now" | PhaseName;
  /** What is in the folder. Bytes. */
  size: number;
  /** What the plan uploads to the Hub until then, which is paid for there. Bytes. */
  published_size: number;
  published_monthly: number | null;
  costs: ServiceCost[];
}

export interface ServiceCost {
  id: string;
  /** Of `size`, in the currency; null where the service has no room for it. */
  monthly: number | null;
  /** To fetch all of it once; null where no price is known. */
  transfer: number | null;
}

/** Pure. */
export function costOf(plan: AuditPlan, { currency, services }: Prices = PRICES): CostReport {
  const hub = services.find(({ id }) => id === "hub-private");
  let published = 0;
  const stateOf = (state: CostState["state"], size: number): CostState => ({
    state,
    size,
    published_size: published,
    published_monthly: hub === undefined ? null : monthlyOf(hub, published),
    costs: services.map((service) => ({
      id: service.id,
      monthly: monthlyOf(service, size),
      transfer: service.transfer === null ? null : metered(service.transfer, size),
    })),
  });
  const now = stateOf("now", plan.apparent_size);
  const after = plan.phases.map(({ phase, steps, apparent_size_after: size }) => {
    for (const { action, apparent_size } of steps) if (action === "publish") published += apparent_size;
    return stateOf(phase, size);
  });
  const shown = services.map(({ id, label, about, sources }) => ({ id, label, about, sources }));
  return { currency, services: shown, states: [now, ...after] };
}

/** What so many bytes cost a month; null where there is no room for them. Pure. */
export function monthlyOf({ storage }: Pick<Service, "storage">, size: number): number | null {
  if (storage.type === "metered") return metered(storage, size);
  const plan = storage.plans.find((plan) => plan.size >= size);
  if (plan !== undefined) return plan.price;
  const largest = storage.plans.at(-1);
  if (largest === undefined || storage.beyond === null) return null;
  const { unit, price } = storage.beyond;
  return largest.price + Math.ceil((size - largest.size) / unit) * price;
}

function metered({ free, unit, price }: { free: number; unit: number; price: number }, size: number): number {
  return (Math.max(0, size - free) / unit) * price;
}
