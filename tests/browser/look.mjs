import { chromium } from "@playwright/test";
const [, , base, login, password, out, ...paths] = process.argv;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
for (const [lang, scheme, width] of [["zh-CN", "light", 1280], ["en", "dark", 1280], ["zh-CN", "light", 390]]) {
  const context = await browser.newContext({ locale: lang, colorScheme: scheme, viewport: { width, height: 900 } });
  const page = await context.newPage();
  await page.goto(base);
  await page.getByRole("textbox").first().fill(login);
  await page.locator("input[type=password]").fill(password);
  await page.keyboard.press("Enter");
  await page.waitForURL((u) => !u.pathname.includes("sign-in") && !u.pathname.includes("login"), { timeout: 15000 }).catch(() => {});
  await page.waitForTimeout(1500);
  for (const [i, path] of paths.entries()) {
    await page.goto(base + path);
    await page.waitForTimeout(1800);
    await page.screenshot({ path: `${out}-${i}-${lang}-${scheme}-${width}.png`, fullPage: true });
  }
  await context.close();
}
await browser.close();
