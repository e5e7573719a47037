import { route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { sessionOf, withSession } from "@/app/_server/session";
import type { Runtime } from "@/lib/runtime";
import { readId } from "@/lib/wire";

/** A visitor's call. */
interface VisitorCall<Name extends string> {
  request: Request;
  parameters: URLSearchParams;
  /** The ids in the address, checked. */
  ids: Record<Name, string>;
  chat: Runtime["chat"];
  session: string;
}

/**
 * A handler of what belongs to one visitor: its answer is kept by no cache, and gives a new visitor who writes the cookie.
 *
 * @param names of the ids in the address
 */
export function visitorRoute<Name extends string>(
  names: readonly Name[],
  handler: (call: VisitorCall<Name>) => Promise<Response>,
) {
  return route<{ params: Promise<Record<Name, string>> }>(async (request, { params }) => {
    const given = await params;
    const { chat, config } = await getRuntime();
    const session = sessionOf(request, config.dataDir);
    const ids = Object.fromEntries(names.map((name) => [name, readId(given[name], [name])])) as Record<Name, string>;
    const { searchParams: parameters } = new URL(request.url);
    const response = await handler({ request, parameters, ids, chat, session: session.id });
    response.headers.set("cache-control", "no-store");
    return withSession(response, session, { isReading: request.method === "GET" });
  });
}
