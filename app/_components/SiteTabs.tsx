"use client";

import { chatAddress, rememberChatAddress, themeOfAddress } from "../_chat/chat-address";
import { TabLink } from "./TabLink";

/** The pages of the site, on top of each of them. A turn of the agent goes on while another page is looked at. */
export function SiteTabs({ current }: { current: "chat" | "analytics" | "storage" }) {
  const isChat = current === "chat";
  return (
    <nav aria-label="Pages" className="flex gap-1">
      <TabLink name="Chat" address="/" readAddress={isChat ? hereAddress : chatAddress} isCurrent={isChat} />
      <TabLink
        name="Analytics"
        address="/analytics/cache"
        readAddress={analyticsAddress}
        isCurrent={current === "analytics"}
        {...(isChat && { onLeave: rememberChatAddress })}
      />
      <TabLink
        name="Storage"
        address="/storage"
        readAddress={storageAddress}
        isCurrent={current === "storage"}
        {...(isChat && { onLeave: rememberChatAddress })}
      />
    </nav>
  );
}

/** The tab of the page that is shown leads nowhere else. */
function hereAddress(): string {
  return `${window.location.pathname}${window.location.search}`;
}

function analyticsAddress(): string {
  return `/analytics/cache${themeOfAddress()}`;
}

function storageAddress(): string {
  return `/storage${themeOfAddress()}`;
}
