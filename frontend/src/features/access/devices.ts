/** Where someone is signed in. */
import type { Schema } from "@/api";

export type SessionView = Schema<"SessionInfo">;

/** "Chrome · Windows" out of a user agent: enough to recognise one's own machine. */
export function deviceWords(one: SessionView): string {
  if (one.device_name) return one.device_name;
  const agent = one.user_agent ?? "";
  const browser = /Edg|OPR|Firefox|Chrome|Safari/
    .exec(agent)?.[0]
    ?.replace("Edg", "Edge")
    .replace("OPR", "Opera");
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent)?.[0]?.replace("Mac OS X", "macOS");
  return [browser, system].filter(Boolean).join(" · ") || one.client;
}
