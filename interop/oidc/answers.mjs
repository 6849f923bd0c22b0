// Sends one request and judges the answer's status and challenge. Usage: answers.mjs URL TOKEN-FILE STATUS [PARAMETER=VALUE...], where an
// empty file stands for no token, and an empty VALUE for a challenge without that parameter.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { modern } from "./lib.mjs";

const [url, file, status, ...wanted] = process.argv.slice(2);
const headers = {
  "Content-Type": "application/json", Accept: "application/json, text/event-stream", "Mcp-Method": "tools/list", "Mcp-Protocol-Version": modern,
};
const token = readFileSync(file, "utf8").trim();
if (token) headers.Authorization = `Bearer ${token}`;
const _meta = { "io.modelcontextprotocol/protocolVersion": modern, "io.modelcontextprotocol/clientCapabilities": {} };
const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta } });
const answer = await fetch(url, { method: "POST", headers, body });
assert.equal(answer.status, Number(status));
const challenge = answer.headers.get("WWW-Authenticate") ?? "";
for (const [, name, value] of wanted.map((want) => want.match(/^(\w+)=(.*)$/))) {
  assert.match(challenge, /^Bearer /);
  assert.equal(challenge.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? "", value, `${name} in ${challenge}`);
}
