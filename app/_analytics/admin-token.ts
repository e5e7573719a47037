/** What the visitor typed. It lives as long as the page: whoever uses this browser next must not find it. */
let token: string | null = null;

export function adminToken(): string | null {
  return token;
}

/** @param next null: it was refused */
export function keepAdminToken(next: string | null): void {
  token = next;
}
