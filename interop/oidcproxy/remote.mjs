// Calls tools through mcp-remote, which signs in by itself. Usage: remote.mjs URL MCP-REMOTE
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { use } from "../oidc/lib.mjs";

const [url, program] = process.argv.slice(2);
const client = new Client({ name: "interop", version: "1" });
await client.connect(new StdioClientTransport({ command: process.execPath, args: [program, url], env: process.env, stderr: "inherit" }));
await use(client);
await client.close();
