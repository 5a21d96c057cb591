// What a person downloads to see a route, in gzipped kB, against the budgets. Reads the manifest of the last build.
// A route's weight is the entry, its layouts and its own page with everything they import statically.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const KB = 1000;

const BUDGET = { entry: 200, page: 260, report: 370, css: 45 };
const REPORTS = /\/(insight|pivots)/;

const sizes = new Map();
const gzip = (file) => {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length);
  return sizes.get(file);
};

/** Files of a chunk and of all it imports statically. */
function closure(key, into = new Set()) {
  const chunk = manifest[key];
  if (!chunk || into.has(chunk.file)) return into;
  into.add(chunk.file);
  for (const imported of chunk.imports ?? []) closure(imported, into);
  return into;
}
const weigh = (files) =>
  [...files].filter((file) => file.endsWith(".js")).reduce((sum, file) => sum + gzip(file), 0);

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const pages = Object.keys(manifest).filter(
  (key) => key.startsWith("src/routes/") && key.includes("tsr-split"),
);
/** `src/routes/_app/settings/users.index.tsx?…` → its layouts' chunks and its own. */
const layoutsOf = (key) => {
  const name = key
    .replace(/^src\/routes\//, "")
    .replace(/\.tsx.*/, "")
    .split(/[/.]/);
  const above = name.slice(0, -1).map((_, depth) => name.slice(0, depth + 1).join("/"));
  return pages.filter((page) => above.includes(page.replace(/^src\/routes\//, "").replace(/\.tsx.*/, "")));
};

const rows = [];
const base = closure(entry);
rows.push(["entry", weigh(base), BUDGET.entry]);
for (const page of pages.sort()) {
  const files = new Set(base);
  for (const key of [...layoutsOf(page), page]) closure(key, files);
  const route = page.replace(/^src\/routes\//, "").replace(/\.tsx.*/, "");
  rows.push([route, weigh(files), REPORTS.test(route) ? BUDGET.report : BUDGET.page]);
}
const css = new Set(
  Object.values(manifest).flatMap((chunk) => [
    ...(chunk.css ?? []),
    chunk.file.endsWith(".css") ? chunk.file : "",
  ]),
);
css.delete("");
rows.push(["css", [...css].reduce((sum, file) => sum + gzip(file), 0), BUDGET.css]);

let over = 0;
for (const [name, bytes, limit] of rows) {
  const kb = bytes / KB;
  if (kb > limit) over += 1;
  console.log(
    `${kb > limit ? "OVER " : "ok   "} ${name.padEnd(36)} ${kb.toFixed(1).padStart(7)} / ${limit} kB`,
  );
}
process.exit(over > 0 ? 1 : 0);
