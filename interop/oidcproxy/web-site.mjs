// Serves the page of web-page.mjs at every path, on a free loopback port. It logs "listening" with its origin.
import { once } from "node:events";
import http from "node:http";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const bundle = await rolldown({ input: fileURLToPath(new URL("web-page.mjs", import.meta.url)), platform: "browser" });
const { output: [{ code }] } = await bundle.generate({ format: "esm", codeSplitting: false });
await bundle.close();
const page = '<!DOCTYPE html><title>a web client</title><form><label>URL <input></label><button>Connect</button></form><output></output><script type="module" src="/web-page.js"></script>';
const server = http.createServer((req, res) => {
  const [type, text] = req.url === "/web-page.js" ? ["text/javascript", code] : ["text/html", page];
  res.setHeader("Content-Type", `${type}; charset=utf-8`).end(text);
}).listen(0, "127.0.0.1");
await once(server, "listening");
console.error(JSON.stringify({ msg: "listening", url: `http://localhost:${server.address().port}` }));
