/** The app as something installed: its manifest and icons, what its worker keeps, and what it says without a server. */
import { test as base, expect } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { Server } from "./server";

base.use({ serviceWorkers: "allow" });

base("it can be installed, keeps no answers, and says so without a connection", async ({ page }) => {
  const server = await Server.start();
  let stopped = false;
  try {
    await server.setUp();
    await page.goto(`${server.base}/sign-in`);
    const place = await page.locator("link[rel=manifest]").getAttribute("href");
    const manifest = await (await page.request.get(`${server.base}${place}`)).json();
    expect(manifest).toMatchObject({ display: "standalone", start_url: "/", lang: "zh-CN" });
    expect(manifest.name).toContain("回头客");
    expect(manifest.name_localized.en.value).toBe("Regulars");
    expect(manifest.icons.map((icon: { purpose: string }) => icon.purpose)).toContain("maskable");
    for (const icon of manifest.icons) {
      const answer = await page.request.get(`${server.base}${icon.src}`);
      expect(answer.headers()["content-type"]).toBe(icon.type);
      if (icon.type === "image/png") {
        const wide = (await answer.body()).readUInt32BE(16);
        expect(`${wide}x${wide}`).toBe(icon.sizes);
      }
    }

    await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const kept = await page.evaluate(async () => {
      const all = await Promise.all(
        (await caches.keys()).map(async (name) =>
          (await (await caches.open(name)).keys()).map((one) => one.url),
        ),
      );
      return all.flat().map((url) => new URL(url).pathname);
    });
    expect(kept).toContain("/offline.html");
    expect(kept.some((path) => path.startsWith("/assets/"))).toBe(true);
    expect(kept.filter((path) => path.startsWith("/api") || path === "/" || path === "/sign-in")).toEqual([]);

    await server.stop();
    stopped = true;
    await page.goto(`${server.base}/customers`);
    await expect(page.getByRole("heading", { name: "没有连接" })).toBeVisible();
    await expect(page.getByText("No connection")).toBeVisible();
    await expect(page.getByRole("link", { name: "再试一次" })).toBeVisible();
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(page);
  } finally {
    if (!stopped) await server.stop();
  }
});
