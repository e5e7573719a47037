import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";

/** What the browser saves when the button of this name is pressed. */
export async function saved(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Width and height of a PNG in pixels, and the colour of its first pixel as `red,green,blue`. */
export async function readPicture(page: Page, bytes: Buffer) {
  if (bytes.subarray(0, 8).toString("hex") !== "89504e470d0a1a0a") throw new Error("No PNG");
  return page.evaluate(async (text) => {
    const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([data], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d")!;
    context.drawImage(picture, 0, 0);
    const ground = context.getImageData(0, 0, 1, 1).data.slice(0, 3).join(",");
    return { width: picture.width, height: picture.height, ground };
  }, bytes.toString("base64"));
}

/** The cells of a table as RFC 4180 has it. */
export function parseCsv(text: string): string[][] {
  if (!text.endsWith("\r\n")) throw new Error("The last line is not ended");
  const rows: string[][] = [[]];
  for (const [whole, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    if (whole === "") break;
    rows.at(-1)!.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}
