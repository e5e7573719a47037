/** Next calls this once, before the first request: the server's own start must not wait for a visitor. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startServer } = await import("./app/_server/start");
  await startServer();
}
