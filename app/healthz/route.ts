export const dynamic = "force-dynamic";

/** Alive: answers at once, whatever the models do. */
export function GET(): Response {
  return Response.json(
    { status: "ok", uptime_s: Math.round(process.uptime()) },
    { headers: { "cache-control": "no-store" } },
  );
}
