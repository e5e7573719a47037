import path from "node:path";
import { root } from "../lib/root.mjs";

/**
 * Who may import whom, room by room: the table of rooms in the design, as code. A room is `lib/NAME`, or `app`.
 *
 * | key        | what it allows                                                                       |
 * |------------|--------------------------------------------------------------------------------------|
 * | `rooms`    | these rooms, each through its `index.ts` and nothing past it; `"any"`: every `lib` room |
 * | `files`    | these files of other rooms, past their `index.ts`                                    |
 * | `types`    | these rooms or files, for `import type` only                                         |
 * | `packages` | these npm packages; `"any"`: every one but node-llama-cpp                             |
 * | `builtins` | false: no `node:*`, since the browser gets this code too                             |
 *
 * Every room may import `errors`; `errors` may import no room.
 */
export const ROOMS = {
  errors: { packages: ["zod"], builtins: false },
  config: { packages: ["zod"] },
  memory: {},
  gguf: {},
  "engine/child": {
    files: ["engine/protocol", "engine/contract", "engine/lines"],
    packages: ["node-llama-cpp", "zod"],
  },
  engine: { rooms: ["memory", "gguf"], packages: ["zod"] },
  residency: { rooms: ["engine", "memory", "gguf"], packages: ["zod"] },
  agent: { types: ["engine"], packages: ["mathjs", "zod"] },
  hub: { packages: ["@huggingface/hub", "koffi", "undici", "zod"] },
  audit: { rooms: ["gguf"], files: ["hub/flock", "hub/layout"], packages: ["koffi", "zod"] },
  store: { types: ["memory"], packages: ["better-sqlite3", "kysely", "zod"] },
  analytics: { rooms: ["store"], types: ["agent", "engine", "memory"], packages: ["better-sqlite3"] },
  wire: {
    types: ["agent", "analytics", "engine", "engine/contract", "memory"],
    packages: ["ai", "zod"],
    builtins: false,
  },
  runtime: { rooms: "any" },
  cli: { rooms: ["runtime", "wire", "config"], packages: "any" },
  app: { rooms: ["runtime", "wire"], packages: "any" },
};

const DEEPEST_FIRST = Object.keys(ROOMS).sort((left, right) => right.length - left.length);

/**
 * A rule of our own, since what general plugins check is the file an import resolves to: they say nothing about a room
 * that does not exist yet, about `import("../engine").Engine` in a type, or about the difference between a type and a
 * value.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
const importDirections = {
  meta: { type: "problem", schema: [], messages: { forbidden: "{{reason}}" } },
  create(context) {
    const from = placeOf(path.relative(root, context.filename));
    const check = (node, source, typeOnly) => {
      if (typeof source?.value !== "string") return;
      const reason = objection(from, source.value, typeOnly, path.dirname(context.filename));
      if (reason) context.report({ node, messageId: "forbidden", data: { reason } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, node.importKind === "type"),
      ExportNamedDeclaration: (node) => check(node, node.source, node.exportKind === "type"),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === "type"),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
      "CallExpression[callee.name='require']": (node) => check(node, node.arguments[0], false),
    };
  },
};

/** Why this import is not allowed; null when it is. */
function objection(from, source, typeOnly, folder) {
  const local = localPath(source, folder);
  if (local === null) return objectionToPackage(from, source);
  if (from.room === null) return null; // tests, benches and scripts reach everything
  return objectionToFile(from, placeOf(local), typeOnly);
}

function objectionToPackage(from, source) {
  const name = source.startsWith("@") ? source.split("/").slice(0, 2).join("/") : source.split("/")[0];
  const allowed = ROOMS[from.room]?.packages ?? (from.room === null ? "any" : []);
  if (name === "node-llama-cpp") {
    // A bench may run it alone, as the yardstick for everything around it.
    return allowed.includes(name) || from.file.startsWith("bench/")
      ? null
      : "Only lib/engine/child may import node-llama-cpp: it runs in a process of its own";
  }
  if (source.startsWith("node:")) {
    const browserToo = ROOMS[from.room]?.builtins === false;
    return browserToo ? `lib/${from.room} is shared with the browser and may not import ${source}` : null;
  }
  return allowed === "any" || allowed.includes(name) ? null : `${label(from)} may not import the package ${name}`;
}

function objectionToFile(from, to, typeOnly) {
  const rules = ROOMS[from.room];
  if (!rules) return `${label(from)} is not in the table of rooms: add it to scripts/eslint/rooms.mjs`;
  if (to.room === from.room || to.file === "package.json") return null;
  if (to.room === null) return `${label(from)} may not import ${to.file}`;

  const throughIndex = to.file === to.room || to.file === `${to.room}/index`;
  if (to.room === "errors" && throughIndex) return null;
  if (rules.files?.includes(to.file)) return null;
  const listed = (names) => names?.includes(to.file) || (throughIndex && names?.includes(to.room));
  if (listed(rules.types)) return typeOnly ? null : `${label(from)} may import only types from ${label(to)}`;

  const roomAllowed = rules.rooms === "any" ? to.room !== "app" : rules.rooms?.includes(to.room);
  if (!roomAllowed) return `${label(from)} may not import ${label(to)}`;
  return throughIndex ? null : `${label(to)} is imported through its index.ts, not past it (${to.file})`;
}

/** The room a path from the root lies in (null: none), and its name without `lib/` and without an ending. */
function placeOf(relative) {
  const file = relative
    .split(path.sep)
    .join("/")
    .replace(/\.[cm]?[jt]sx?$/, "");
  if (/^app(\/|$)/.test(file)) return { room: "app", file };
  if (!/^lib\/./.test(file)) return { room: null, file };
  const inside = file.slice("lib/".length);
  const room = DEEPEST_FIRST.find((name) => inside === name || inside.startsWith(`${name}/`));
  return { room: room ?? inside.split("/")[0], file: inside };
}

/** A relative or `@/` import as a path from the root; null for a package. */
function localPath(source, folder) {
  if (source.startsWith("@/")) return path.normalize(source.slice(2));
  return source.startsWith(".") ? path.relative(root, path.resolve(folder, source)) : null;
}

const label = ({ room }) => (room === "app" ? "app" : `lib/${room}`);

/**
 * The part of an ESLint configuration that switches the rule on.
 *
 * @type {import("eslint").Linter.Config}
 */
export const roomRules = {
  files: ["**/*.{ts,tsx,js,mjs}"],
  plugins: { rooms: { rules: { "import-directions": importDirections } } },
  rules: { "rooms/import-directions": "error" },
};
