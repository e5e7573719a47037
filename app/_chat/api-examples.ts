/** The same call in three languages, for this server and the chosen model. */
export function apiExamples(origin: string, modelId: string): { name: string; text: string }[] {
  const question = "Hello!";
  const model = JSON.stringify(modelId);
  const body = JSON.stringify({ model: modelId, messages: [{ role: "user", content: question }], stream: true });
  return [
    {
      name: "curl",
      text: `curl -N ${origin}/v1/chat/completions \\
  -H "Content-Type: application/json" \\
  -d ${shellText(body)}`,
    },
    {
      name: "Python",
      text: `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="none")
stream = client.chat.completions.create(
    model=${model},
    messages=[{"role": "user", "content": "${question}"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)`,
    },
    {
      name: "TypeScript",
      text: `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${origin}/v1", apiKey: "none" });
const stream = await client.chat.completions.create({
  model: ${model},
  messages: [{ role: "user", content: "${question}" }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");`,
    },
  ];
}

function shellText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
