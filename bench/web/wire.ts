import { raise } from "../support/measure";
import { figure, printTable, type Row } from "./table";
import type { World } from "./world";

const TOKENS = 1000;
const SETTINGS = { max_tokens: TOKENS, temperature: 0, seed: 1 };
const MESSAGE = "Why do the odd numbers make squares?";

/** What a token costs on its way to the reader, headers and compression of the connection left out. */
export async function benchWire({ server }: World): Promise<void> {
  const { data } = (await (await fetch(`${server.address}/v1/models`)).json()) as { data: { id: string }[] };
  const writer = data.map(({ id }) => id).find((id) => id.startsWith("writing")) ?? raise("no model writes");
  const stream = { stream: true, messages: [{ role: "user", content: MESSAGE }] };
  const calls: [string, string, object][] = [
    ["/api/chat", "/api/chat", { id: "bench-wire", message: MESSAGE, max_thought_tokens: 0 }],
    ["/v1/chat/completions, the agent", "/v1/chat/completions", { ...stream, model: "memwell", max_thought_tokens: 0 }],
    ["/v1/chat/completions, a model alone", "/v1/chat/completions", { ...stream, model: writer }],
  ];
  const rows: Row[] = [];
  for (const [name, route, body] of calls) {
    const { bytes, text } = await read(`${server.address}${route}`, { ...body, ...SETTINGS });
    rows.push(figure(name, bytes / TOKENS, "bytes a token"), figure("  of them text", text / TOKENS, "bytes a token"));
  }
  printTable(`on the wire, for an answer of ${TOKENS.toLocaleString("en")} tokens with all that comes with it`, rows);
}

async function read(address: string, body: object): Promise<{ bytes: number; text: number }> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) raise(await response.text());
  const whole = Buffer.from(await response.arrayBuffer());
  const text = [...whole.toString().matchAll(/"(?:delta|content)":("(?:[^"\\]|\\.)*")/g)]
    .map(([, written]) => Buffer.byteLength(JSON.parse(written!) as string))
    .reduce((sum, length) => sum + length, 0);
  return { bytes: whole.length, text };
}
