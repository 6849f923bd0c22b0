// What the scripts with Chromium share: how the pages are seen, and who judges them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// sights are two sizes and two colour schemes.
export const sights = [{ width: 1280, height: 800 }, { width: 390, height: 844 }].flatMap((viewport) =>
  ["light", "dark"].map((colorScheme) => ({ name: `${viewport.width}-${colorScheme}`, viewport, colorScheme })));

// judge runs axe in a world that the page's policy does not bind, and keeps a picture where screenshots names a directory.
export async function judge(page, name, screenshots) {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setBypassCSP", { enabled: true });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(" ")}`), [], name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false, `${name} is wider than the window`);
  if (screenshots) await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
  await session.send("Page.setBypassCSP", { enabled: false });
}
