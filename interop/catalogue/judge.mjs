// What every tool and every answer must be.
import { isDeepStrictEqual } from "node:util";
import Ajv2020 from "ajv/dist/2020.js";

const ajv = new Ajv2020({ strict: true, strictTypes: true, strictTuples: true, strictRequired: true, allErrors: true });

// compiled returns the validator of a tool's arguments; it throws for a schema that a strict validator does not take.
export function compiled({ name, inputSchema }) {
  if (inputSchema.type !== "object") throw new Error("the schema of the arguments is not of an object");
  const validate = ajv.compile({ $id: name, ...inputSchema });
  return (args) => {
    if (!validate(args)) throw new Error(`the schema refuses ${JSON.stringify(args)}: ${JSON.stringify(validate.errors)}`);
  };
}

// content returns what a successful answer holds: the rows of a list, or the record.
export function content(answer) {
  const { isError, structuredContent: structured } = answer;
  const texts = answer.content.filter(({ type }) => type === "text").map(({ text }) => text);
  if (isError) throw new Error(texts.join("\n"));
  const isObject = structured && typeof structured === "object" && !Array.isArray(structured);
  if (!isObject) throw new Error(`the structured content is no object: ${JSON.stringify(structured)}`);
  const { result, note, ...rest } = structured; // a note stands beside the rows of a list, and among the texts
  const wrapped = "result" in structured && !Object.keys(rest).length;
  if (wrapped && note !== undefined && !texts.some((text) => text === note)) throw new Error(`the note is in no text: ${note}`);
  const value = wrapped ? result : structured;
  agree(texts, value);
  return value;
}

// agree throws unless one of the texts is the value as JSON, or as a table with a column for each member.
function agree(texts, value) {
  const readings = texts.map(json).filter((reading) => reading !== undefined);
  if (readings.some((reading) => isDeepStrictEqual(reading, value))) return;
  const beginning = texts.join("\n").slice(0, 500);
  if (readings.length) throw new Error(`the text is not the structured content: ${beginning}`);
  const columns = Array.isArray(value) && new Set(value.flatMap((row) => Object.keys(row)));
  const headed = (text) => isDeepStrictEqual(new Set(text.split(/\r?\n/, 1)[0].split(",")), columns);
  if (!columns?.size || !texts.some(headed)) throw new Error(`the text is neither JSON nor a table of the rows: ${beginning}`);
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
