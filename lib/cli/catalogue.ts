import { createRuntime, loadConfig, type Runtime } from "../runtime";
import { encodeCatalogue, type CatalogueBody, type CatalogueEntryBody } from "../wire";
import { bytes, printJson, printTable } from "./output";
import { engineChildPath } from "./paths";
import { askServer, isNobodyThere, type ServerOptions } from "./server-client";

/** The models to choose from, with what the running server says of them, or else this machine without one. */
export async function listCatalogue(options: ServerOptions): Promise<void> {
  const body = await askServer<CatalogueBody>(options, "GET", "/api/models/catalogue").catch((thrown: unknown) => {
    if (!isNobodyThere(thrown, options)) throw thrown;
    return withoutServer(async ({ catalogue }) =>
      encodeCatalogue(await catalogue.report(), null, { mayUse: "yes", sees: true }),
    );
  });
  if (options.json) return printJson(body);
  const head = ["ID", "FOR", "SIZE", "PARAMETERS", "CONTEXT", "LICENSE", "FITS", "NOW"];
  printTable([head, ...body.models.map(rowOf)]);
  const locked = [...new Set(Object.values(body.locked_by))].filter((name) => name !== null);
  const lines = [
    `Figures of ${body.date}; "about" is not read from a file yet. \`memwell models use ID\` downloads one and lets it answer.`,
    ...(locked.length === 0 ? [] : [`${locked.join(" and ")} of the settings win over what is chosen here.`]),
  ];
  process.stdout.write(`\n${lines.join("\n")}\n`);
}

/** A runtime of this process, for as long as `use` runs: no server answers. */
export async function withoutServer<Result>(use: (runtime: Runtime) => Promise<Result>): Promise<Result> {
  const runtime = await createRuntime(loadConfig(process.env), { childScript: engineChildPath(), keepSpare: false });
  try {
    return await use(runtime);
  } finally {
    await runtime.close();
  }
}

function rowOf(model: CatalogueEntryBody): string[] {
  const { size, size_exact: isExact, parameters, context, used_as: usedAs, on_disk: isOnDisk } = model;
  const now = usedAs.length > 0 ? `answers (${usedAs.join(", ")})` : isOnDisk && size !== null ? "downloaded" : "";
  return [
    model.id,
    model.roles.join(","),
    size === null ? "" : `${isExact ? "" : "about "}${bytes(size)}`,
    parameters === null ? "" : `${(parameters / 1e9).toFixed(1)} B`,
    context === null ? "" : String(context),
    model.license ?? "",
    fitWords(model),
    now,
  ];
}

function fitWords({ fit }: CatalogueEntryBody): string {
  if (fit === null) return "";
  const needs = `${fit.forecast ? "" : "about "}${bytes(fit.needed)}`;
  switch (fit.mark) {
    case "beside":
      return `yes: ${needs}`;
    case "alone":
      return `takes turns: ${needs} + ${bytes(fit.other)} of ${bytes(fit.room)}`;
    case "no":
      return `no: ${needs} of ${bytes(fit.room)} memory`;
    case "disk":
      return `no: ${bytes(fit.download)} of ${bytes(fit.free_disk)} disk`;
  }
}
