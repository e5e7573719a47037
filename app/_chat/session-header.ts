/**
 * Brings a visitor's token where the browser keeps no cookies, both ways: the page sends the one it was told, the server
 * tells it, or `KNOWN_BY_COOKIE` where the cookie came along and no token is needed.
 */
export const SESSION_HEADER = "x-memwell-session";
export const KNOWN_BY_COOKIE = "cookie";
