/** Writes the service worker behind a build: with the names of the shell's files, and a version made of them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** What stands in `public/` and belongs to the shell. */
const STATIC = ["/offline.html", "/manifest.webmanifest", "/mark.svg"];

export function serviceWorker(): Plugin {
  return {
    name: "regulars-service-worker",
    apply: "build",
    generateBundle(_, bundle) {
      const files = new Set<string>();
      const add = (name: string) => {
        const chunk = bundle[name];
        if (!chunk || files.has(name)) return;
        files.add(name);
        if (chunk.type === "chunk") for (const one of chunk.imports) add(one);
      };
      for (const one of Object.values(bundle)) {
        if ((one.type === "chunk" && one.isEntry) || one.fileName.endsWith(".css")) add(one.fileName);
      }
      const shell = [...files].sort().map((name) => `/${name}`);
      const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
      const worker = readFileSync(here("./sw.js"), "utf8");
      const hash = createHash("sha256").update(worker).update(shell.join("\n"));
      for (const name of STATIC) hash.update(readFileSync(here(`../public${name}`)));
      const source = worker
        .replace("__VERSION__", hash.digest("hex").slice(0, 12))
        .replace("__SHELL__", JSON.stringify([...STATIC, ...shell]));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}
