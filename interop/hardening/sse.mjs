// An old client, of protocol 2024-11-05 over SSE, lists and calls tools; without the key it is refused. Usage: sse.mjs URL, with the key in the environment.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";

const url = new URL(process.argv[2]);
const client = () => new Client({ name: "old", version: "1" }, { capabilities: {} });
const transport = (key) => new SSEClientTransport(url, { requestInit: { headers: key ? { Authorization: `Bearer ${key}` } : {} } });

const old = client();
await old.connect(transport(process.env.ZSCALER_MCP_AUTH_API_KEY));
const { tools } = await old.listTools();
assert.ok(tools.length > 10, `${tools.length} tools`);
const calls = Array.from({ length: 8 }, () => old.callTool({ name: "zia_list_rule_labels", arguments: {} }));
for (const { isError, content } of await Promise.all(calls)) assert.ok(!isError && content.length > 0);
await old.close();
for (const key of ["", "wrong"]) await assert.rejects(client().connect(transport(key)), /401|Unauthorized|Non-200/i);
