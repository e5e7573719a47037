import { MemwellError } from "@/lib/runtime";

import { route } from "./respond";

/** Answers a path below /v1 or /api that nobody else answers: JSON, where Next would send a page. */
export const unknownRoute = route(
  (request) => {
    const path = new URL(request.url).pathname;
    throw new MemwellError(
      "not_found",
      `${request.method} ${path} does not exist: see "Use via API" on the start page.`,
      {
        method: request.method,
        path,
      },
    );
  },
  { cors: true },
);
