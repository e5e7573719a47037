import type { LlamaGrammar } from "node-llama-cpp";
import { MemwellError, messageOf } from "../../errors";
import type { Host } from "./host";

/** Compiled grammars kept for the next request with the same schema. */
const MAX_GRAMMARS = 16;

/** The grammar of a JSON schema. @throws MemwellError `invalid_schema` when none can be made of it. */
export async function compileGrammar(host: Host, schema: Record<string, unknown>): Promise<LlamaGrammar> {
  const key = JSON.stringify(schema);
  const known = host.grammars.get(key);
  if (known !== undefined) return known;
  const compiling = host.library.createGrammarForJsonSchema(schema as never).catch((cause: unknown) => {
    host.grammars.delete(key);
    throw new MemwellError(
      "invalid_schema",
      `The JSON schema cannot be turned into a grammar: ${messageOf(cause)}. Simplify the schema and ask again.`,
      { parameter: "response_format.json_schema.schema" },
      { cause },
    );
  });
  host.grammars.set(key, compiling);
  const [oldest] = host.grammars.keys();
  if (host.grammars.size > MAX_GRAMMARS && oldest !== undefined) host.grammars.delete(oldest);
  return compiling;
}
