// Serves two web clients on a free loopback port: the Inspector's page at / and at its callback, and the page of web-page.mjs at every path without a file.
// It logs "listening" with its origin.
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const bundle = await rolldown({ input: fileURLToPath(new URL("web-page.mjs", import.meta.url)), platform: "browser" });
const { output: [{ code }] } = await bundle.generate({ format: "esm", codeSplitting: false });
await bundle.close();
const page = '<!DOCTYPE html><title>a web client</title><form><label>URL <input></label><button>Connect</button></form><output></output><script type="module" src="/web-page.js"></script>';

const dist = new URL("dist/", import.meta.resolve("@modelcontextprotocol/inspector-client/package.json"));
const files = new Map(["index.html", ...readdirSync(new URL("assets/", dist)).map((name) => `assets/${name}`)].map((name) => [`/${name}`, readFileSync(new URL(name, dist))]));
files.set("/", files.get("/index.html")).set("/oauth/callback", files.get("/index.html")).set("/web-page.js", code);
const types = { ".js": "text/javascript", ".css": "text/css" };

const server = http.createServer((req, res) => {
  const { pathname } = new URL(req.url, "http://localhost");
  res.setHeader("Content-Type", `${types[extname(pathname)] ?? "text/html"}; charset=utf-8`).end(files.get(pathname) ?? page);
}).listen(0, "127.0.0.1");
await once(server, "listening");
console.error(JSON.stringify({ msg: "listening", url: `http://localhost:${server.address().port}` }));
