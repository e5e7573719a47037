import type { CatalogueBody } from "@/lib/wire";

import { mayAdminister } from "./admin";

/** Whether a caller may choose the models that answer, or a token would let him. */
export function mayUse(request: Request, token: string | null): CatalogueBody["may_use"] {
  if (mayAdminister(request, token)) return "yes";
  return token === null ? "no" : "token";
}
