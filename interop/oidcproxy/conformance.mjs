// Judges one of the conformance suite's scenarios for authorization servers, as the browser that the suite asks for. All run each time: the second needs what
// the first has found. Usage: conformance.mjs SCENARIO URL SUITE
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { Browser, Client } from "./lib.mjs";

// The suite's scenarios, each with the checks that fail or warn, and why. One that passes after all, or is gone, fails.
const scenarios = {
  "authorization-server-metadata-endpoint": {},
  "authorization-code-grant": {},
};

const [scenario, url, suite] = process.argv.slice(2);
const { origin } = new URL(url);
const client = await Client.register(origin, url); // its callback may have any port
const chosen = net.createServer().listen(0, "127.0.0.1");
await once(chosen, "listening");
const { port } = chosen.address(); // of the suite's callback
chosen.close();
await once(chosen, "close");

const results = mkdtempSync(`${tmpdir()}/conformance-`);
const options = ["--url", origin, "--client-id", client.id, "--port", String(port), "--output-dir", results];
const program = spawn(process.execPath, [suite, "authorization", ...options], { stdio: ["ignore", "pipe", "inherit"] });
const ended = once(program, "close");

// browse follows the link that the suite prints, once the suite listens for the callback, and returns when the suite has ended.
async function browse() {
  let link, listening = false;
  for await (const line of createInterface({ input: program.stdout })) {
    console.log(line);
    if (/^https?:/.test(line)) link = line;
    if (line.startsWith("Callback server started")) listening = true;
    if (!link || !listening) continue;
    const { page } = await new Browser().go(link);
    assert.ok(page?.url.startsWith(`http://127.0.0.1:${port}/callback?`), `the browser ends at ${page?.url}: ${page?.status} ${page?.body}`);
    link = undefined;
  }
  await ended;
}

const late = new Promise((_, reject) => setTimeout(reject, 30_000, new Error("the suite does not end")).unref());
await Promise.race([browse(), late]).catch((err) => console.log(err)); // the scenarios that have ended by then are judged all the same
program.kill("SIGKILL");
await ended; // its status tells of all scenarios together, and not of warnings
const found = {};
for (const name of readdirSync(results)) {
  const file = `${results}/${name}/checks.json`;
  found[name.match(/^authorization-server-(.*)-\d{4}-\d\d-\d\dT/)[1]] = existsSync(file) ? readFileSync(file, "utf8") : "[]";
}
rmSync(results, { recursive: true });

assert.deepEqual(Object.keys(found).filter((name) => !(name in scenarios)), [], "scenarios that nobody judges");
const checks = JSON.parse(found[scenario] ?? "[]"), expected = scenarios[scenario];
assert.ok(checks.length, "the scenario has no result");
const wrong = checks.filter(({ id, status }) => status !== "SUCCESS" && !(id in expected)).map(({ id, status, errorMessage }) => `${status} ${id}: ${errorMessage}`);
const stale = Object.keys(expected).filter((id) => !checks.some((each) => each.id === id && ["FAILURE", "WARNING"].includes(each.status)));
assert.deepEqual([...wrong, ...stale.map((id) => `${id} is expected to fail, and does not`)], []);
process.exit(); // a browser that waits still ends too
