// Builds the front-end files into src/diapason/ui/dist/ui/: one stylesheet, one script,
// htmx, two fonts and a few icons. Run by `npm run build`; nothing it writes is committed.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..");
const modules = join(root, "node_modules");
const dist = join(here, "dist", "ui");

rmSync(join(here, "dist"), { recursive: true, force: true });
mkdirSync(join(dist, "fonts"), { recursive: true });

const { css } = sass.compile(join(here, "scss", "diapason.scss"), {
  style: "compressed",
  loadPaths: [modules],
  quietDeps: true,
  // Bootstrap 5.3 is still written with @import and the global colour functions.
  silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
});
writeFileSync(join(dist, "diapason.css"), css);

// Each module is self-contained, so one file in alphabetical order is one request.
const scripts = readdirSync(join(here, "js")).filter((name) => name.endsWith(".js")).sort();
const script = scripts
  .map((name) => `(() => {\n"use strict";\n${readFileSync(join(here, "js", name), "utf8")}})();\n`)
  .join("");
writeFileSync(join(dist, "diapason.js"), script);

cpSync(join(modules, "htmx.org", "dist", "htmx.min.js"), join(dist, "htmx.min.js"));
cpSync(join(here, "assets"), dist, { recursive: true });

for (const [family, file] of [
  ["bricolage-grotesque", "bricolage-grotesque-latin-wght-normal.woff2"],
  ["source-sans-3", "source-sans-3-latin-wght-normal.woff2"],
]) {
  cpSync(
    join(modules, "@fontsource-variable", family, "files", file),
    join(dist, "fonts", `${family}.woff2`),
  );
}
console.log(`ui: ${(css.length / 1024).toFixed(0)} kB of CSS, ${scripts.length} scripts`);
