import { ensureDist } from "../lib/dist.mjs";

/** Integration tests start the real programs of `dist/`. */
export default async function setup() {
  await ensureDist();
}
