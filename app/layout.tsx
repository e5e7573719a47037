import "@fontsource-variable/source-sans-3";
import "@fontsource/ibm-plex-mono/400.css";
import "./globals.css";

import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";

import { ChatKeeper } from "./_components/ChatKeeper";

const DESCRIPTION = "Chat with a fine-tuned model and a reasoning model on one small machine.";

export const metadata: Metadata = {
  title: { default: "Memwell", template: "%s · Memwell" },
  description: DESCRIPTION,
  icons: { icon: { url: "/icon.svg", type: "image/svg+xml" } },
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

// Hugging Face passes the theme of the page around us as Gradio's __theme. It is set before the first paint.
const THEME_SCRIPT = `(function(){var t=new URLSearchParams(location.search).get("__theme");if(t==="dark"||t==="light")document.documentElement.dataset.theme=t})()`;

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body>
        <ChatKeeper>{children}</ChatKeeper>
      </body>
    </html>
  );
}
