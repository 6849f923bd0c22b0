// Lists the tools and the prompts, and calls every tool once on the seeded tenant; each failure is a line. Usage: call.mjs CLIENT TABLE PATTERN PLACE...
// TABLE is the file of the vendor's tools; of these PATTERN selects those to call, and none of them may be left out. PLACE is a URL, whose key is in the
// environment, or a command that speaks stdio.
import { readFileSync } from "node:fs";
import { connect, everything } from "./client.mjs";
import { compiled, content } from "./judge.mjs";
import { known, plan, resolve } from "./plan.mjs";

const [name, table, pattern, ...place] = process.argv.slice(2);
const vendors = new Map(JSON.parse(readFileSync(table, "utf8")).map((tool) => [tool.name, tool]));
const effect = (tool) => vendors.get(tool)?.action ?? "read";
const forAgents = (tool) => tool.startsWith("zscaler_");
const failures = [];
const none = (what, names) => names.length && failures.push(`${what}: ${names.join(", ")}`);

const { client, questions } = await connect(name, place);
const tools = await everything(client, "listTools", "tools");
const listed = new Set(tools.map((tool) => tool.name));
none("tools of the vendor's that are not listed", [...vendors.keys()].filter((tool) => !listed.has(tool)));
none("tools that are neither the vendor's nor for agents", [...listed].filter((tool) => !vendors.has(tool) && !forAgents(tool)));
none("names in arguments/ that no tool has", Object.keys(known).filter((tool) => !listed.has(tool)));
if (listed.size !== tools.length) failures.push("a tool is listed twice");
if (![...listed].some(forAgents)) failures.push("the tools for agents are not listed");
const prompts = await everything(client, "listPrompts", "prompts");
const vendorsPrompts = ["zcell_audit_data_usage", "zcell_investigate_sim", "zcell_review_anomaly_policies", "zdx_troubleshoot_user_experience"];
none("prompts of the vendor's that are not listed", vendorsPrompts.filter((wanted) => !prompts.some((prompt) => prompt.name === wanted)));
none("prompts without a description", prompts.filter((prompt) => !prompt.description).map((prompt) => prompt.name));

const answers = new Map(), called = new Set();

async function call({ tool, args }) {
  const given = resolve(args, tool.inputSchema, answers), asked = questions.length;
  compiled(tool)(given);
  const value = content(await client.callTool({ name: tool.name, arguments: given }));
  called.add(tool.name);
  answers.set(tool.name, value);
  if (vendors.get(tool.name)?.list && !value.length) throw new Error("no rows: the tenant has none, or the arguments leave none");
  if (effect(tool.name) === "delete" && value.success !== true) throw new Error(`nothing was deleted: ${JSON.stringify(value)}`);
  if (questions.length - asked !== Number(effect(tool.name) === "delete")) throw new Error(`${questions.length - asked} questions were asked`);
}

const wanted = (tool) => new RegExp(pattern).test(tool);
for (const step of plan(tools, effect).filter(({ tool }) => wanted(tool.name))) {
  await call(step).catch((err) => failures.push(`${step.tool.name}: ${err.message}`));
}
none("tools of the vendor's that were not called, or failed", [...vendors.keys()].filter((tool) => wanted(tool) && !called.has(tool)));
await client.close();
console.error([...failures, `${called.size} tools called, ${questions.length} deletions confirmed`].join("\n"));
process.exitCode = failures.length ? 1 : 0;
