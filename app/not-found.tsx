import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl px-4 py-16">
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="mt-2 text-quiet">The address may be mistyped, or the page was moved.</p>
      <p className="mt-4">
        <Link className="text-accent underline" href="/">
          Go to the chat
        </Link>
      </p>
    </main>
  );
}
