const KEY = "memwell.chat-address";

/** Remembers where the visitor leaves the chat, so that its tab leads back to the same conversation. */
export function rememberChatAddress(): void {
  try {
    sessionStorage.setItem(KEY, window.location.search);
  } catch {
    // A frame of another site may be denied storage: the tab then leads to a new chat.
  }
}

/** The chat as the visitor left it in this browser tab. */
export function chatAddress(): string {
  try {
    const search = sessionStorage.getItem(KEY) ?? themeOfAddress();
    return `/${search.startsWith("?") ? search : ""}`;
  } catch {
    return `/${themeOfAddress()}`;
  }
}

/** `?__theme=dark` where the page's address names a theme: a link to another page takes it along. */
export function themeOfAddress(): string {
  const theme = new URLSearchParams(window.location.search).get("__theme");
  return theme === "dark" || theme === "light" ? `?__theme=${theme}` : "";
}
