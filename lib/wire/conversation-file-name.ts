/** Most file systems take names of 255 bytes, and a letter has up to four. */
const LONGEST = 60;
/** What separates paths, what Windows forbids, half a letter, and what cannot be seen: a name may read as another with it. */
const UNSAFE = /[\\/:*?"<>|\p{C}\p{Z}]+/gu;
/** Names of devices on Windows, whatever ending they have. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The header `Content-Disposition` for a file to be kept under a conversation's title, which may be any text
 * (RFC 6266; the name in full as RFC 8187 has it, and in letters of ASCII for who does not read that).
 *
 * @param ending without its dot
 */
export function attachmentHeader(title: string, ending: string): string {
  const name = `${safeName(title)}.${ending}`;
  // encodeURIComponent leaves some letters alone that RFC 8187 does not allow.
  const encoded = encodeURIComponent(name).replace(/['()*!]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${name.replace(/[^\x20-\x7e]|%/gu, "_")}"; filename*=UTF-8''${encoded}`;
}

function safeName(title: string): string {
  const letters = [...title.replace(UNSAFE, " ")].slice(0, LONGEST).join("");
  // A dot in front hides a file, and Windows drops those at the end.
  const name = letters.replace(/^[ .]+|[ .]+$/g, "");
  if (name === "") return "conversation";
  return DEVICE.test(name) ? `_${name}` : name;
}
