import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A real web server that answers as it is told to, and keeps what it was sent. */
export async function hookServer(answer: (response: ServerResponse, count: number) => void) {
  const bodies: unknown[] = [];
  const paths: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    paths.push(`${request.method} ${request.url}`);
    let text = "";
    request.on("data", (data: Buffer) => (text += data.toString()));
    request.on("end", () => {
      bodies.push(text === "" ? null : JSON.parse(text));
      answer(response, bodies.length);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/secret`;
  return { address, bodies, paths };
}

export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end();
