package main

// schemaTools have input schemas that a server must pass on as they are.
func schemaTools() []fixture {
	return []fixture{
		{
			name: "json_schema_2020_12_tool", doc: "Has an input schema with keywords of JSON Schema 2020-12.",
			call: always(text("accepted")),
			schema: `{
				"$schema": "https://json-schema.org/draft/2020-12/schema",
				"type": "object",
				"$defs": {"address": {
					"$anchor": "addressDef", "type": "object",
					"properties": {"street": {"type": "string"}, "city": {"type": "string"}}
				}},
				"properties": {
					"name": {"type": "string"},
					"address": {"$ref": "#/$defs/address"},
					"contactMethod": {"type": "string", "enum": ["phone", "email"]},
					"phone": {"type": "string"},
					"email": {"type": "string"}
				},
				"allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
				"if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
				"then": {"required": ["phone"]},
				"else": {"required": ["email"]},
				"additionalProperties": false
			}`,
		},
		{
			name: "test_x_mcp_header", doc: "Has an argument that clients repeat in a header (SEP-2243).",
			call:   always(text("the header and the argument are the same")),
			schema: `{"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"}}}`,
		},
	}
}
