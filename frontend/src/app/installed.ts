/**
 * The service worker: registered once the page stands. A newer version waits until the person says so, and takes over
 * with a reload; nobody is stuck with an old one, for the page itself always comes from the server.
 */
import i18next from "i18next";
import { toast } from "@/shared/ui";

export async function installWorker() {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  const propose = (worker: ServiceWorker) =>
    toast.action(i18next.t("common:update.there"), i18next.t("common:update.reload"), () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), {
        once: true,
      });
      worker.postMessage("take-over");
    });
  const waiting = () => {
    // The first worker of a browser replaces nothing.
    if (registration.waiting && navigator.serviceWorker.controller) propose(registration.waiting);
  };
  waiting();
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => coming.state === "installed" && waiting());
  });
}
