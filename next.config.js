import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(fileURLToPath(import.meta.url));

/**
 * Of what is no page: nothing in it may run or load anything. Pages get theirs from proxy.ts, in place of this one.
 * A Space shows the app in a frame of huggingface.co; nobody else may.
 */
const policy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' https://huggingface.co https://*.hf.space";

/** @type {import("next").NextConfig} */
const config = {
  output: "standalone",
  poweredByHeader: false,
  // `npm run check` does this, tests included; a server that only starts should not wait for it.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  // Native, both: a bundler cannot take their binaries along. node-llama-cpp is the engine child's alone, which the build
  // brings along.
  serverExternalPackages: ["node-llama-cpp", "better-sqlite3", "koffi"],
  turbopack: {
    root,
    // The cache's paths are known at run time only. What strays into the standalone folder for it is removed, see below.
    ignoreIssue: [{ path: "lib/**", title: "Dynamic filesystem access causes tracing of the whole project" }],
  },
  outputFileTracingRoot: root,
  // Whole names below node_modules only: Next matches these anywhere in a path, so "dist/**" would take next/dist too.
  // What else strays into the standalone folder is removed when the build assembles it.
  outputFileTracingExcludes: {
    "/*": [
      "./node_modules/node-llama-cpp/**",
      "./node_modules/@node-llama-cpp/**",
      "./node_modules/sharp/**",
      "./node_modules/@img/**",
      "./node_modules/typescript/**",
    ],
  },
  async redirects() {
    return [{ source: "/analytics", destination: "/analytics/cache", permanent: false }];
  },
  async headers() {
    return [
      {
        source: "/:path*",
        headers: [
          { key: "Content-Security-Policy", value: policy },
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
          {
            key: "Permissions-Policy",
            value:
              "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()",
          },
        ],
      },
    ];
  },
};

export default config;
