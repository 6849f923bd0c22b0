// In which order the tools are called, and with which arguments. What a tool needs is found as an agent finds it: the description of an argument says from which
// tool it comes. What cannot be found so is in arguments/, by the name of the tool. There a text that begins with $ is a reference to an earlier answer:
// $zia_list_rule_labels[0].id, $zia_create_rule_label.id, $zia_list_url_categories[customCategory=true].id. The member @ is the one that the argument is named
// after: argument eyez_id is eyezId, and argument label_id, where there is no labelId, is id.
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("arguments/", import.meta.url);
export const known = Object.assign({}, ...readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8"))));
const phases = ["read", "create", "update", "delete"];

// plan returns a step for each tool, in an order in which every reference is to an earlier answer. effect tells that of a tool by its name.
export function plan(tools, effect) {
  const names = new Set(tools.map(({ name }) => name));
  const order = Object.keys(known);
  const steps = new Map(tools.map((tool) => {
    const args = template(tool, names);
    return [tool.name, { tool, args, phase: phases.indexOf(effect(tool.name)), place: order.indexOf(tool.name), after: references(args) }];
  }));
  for (const step of steps.values()) if (phases[step.phase] === "delete") step.after.push(...usersOf(step, steps));
  return sorted(steps);
}

// template returns the arguments of a tool, with references. An argument that nothing tells is left out, for the schema to refuse the call.
function template({ name, inputSchema: { properties, required = [] } }, names) {
  const args = { ...known[name] };
  const created = name.replace(/_(update|delete)_/, "_create_");
  for (const argument of required.filter((argument) => !(argument in args))) {
    const from = properties[argument].description.match(/\w+/g).find((word) => names.has(word));
    if (from) args[argument] = created !== name && names.has(created) ? `$${created}.@` : `$${from}[0].@`;
  }
  return args;
}

// references returns the tools whose answers a template needs.
function references(value) {
  if (typeof value === "string") return value.match(/^\$(\w+)/)?.slice(1) ?? [];
  return value && typeof value === "object" ? Object.values(value).flatMap(references) : [];
}

// usersOf returns the deletions that must go before this one: those of what was created with a reference to what it deletes.
function usersOf(step, steps) {
  const gone = step.after.filter((name) => name.includes("_create_"));
  const users = [...steps.values()].filter(({ tool, after }) => tool.name.includes("_create_") && after.some((name) => gone.includes(name)));
  return users.map(({ tool }) => tool.name.replace("_create_", "_delete_")).filter((name) => name !== step.tool.name && steps.has(name));
}

function sorted(steps) {
  const done = new Set(), out = [];
  const waiting = [...steps.values()].sort((a, b) => a.phase - b.phase || a.place - b.place);
  while (waiting.length) {
    const next = waiting.findIndex(({ after }) => after.every((name) => done.has(name) || !steps.has(name)));
    if (next < 0) throw new Error(`these wait for each other: ${waiting.map(({ tool }) => tool.name).join(", ")}`);
    const [step] = waiting.splice(next, 1);
    done.add(step.tool.name);
    out.push(step);
  }
  return out;
}

// resolve puts the values of earlier answers in the place of references, in the type that the argument has.
export function resolve(args, { properties }, answers) {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, typed(replaced(value, name, answers), properties[name])]));
}

function replaced(value, argument, answers) {
  if (typeof value === "string" && value.startsWith("$")) return lookUp(value, argument, answers);
  if (Array.isArray(value)) return value.map((one) => replaced(one, argument, answers));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replaced(one, argument, answers)]));
  return value;
}

function lookUp(reference, argument, answers) {
  const [, name, path] = reference.match(/^\$(\w+)(.*)$/);
  let value = answers.get(name);
  for (const [, member, index, key, wanted] of path.matchAll(/\.([\w@]+)|\[(\d+)\]|\[(\w+)=([^\]]*)\]/g)) {
    if (member === "@") value = value?.[camel(argument)] ?? value?.[argument] ?? value?.id;
    else if (key) value = value?.find((row) => String(row[key]) === wanted);
    else value = value?.[member ?? index];
  }
  if (value === undefined || value === null) throw new Error(`there is no ${reference} for ${argument}`);
  return value;
}

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

function typed(value, schema) {
  if (schema?.type === "array" && Array.isArray(value)) return value.map((one) => typed(one, schema.items));
  if (schema?.type === "string" && typeof value === "number") return String(value);
  if (schema?.type === "integer" && typeof value === "string") return Number(value);
  return value;
}
