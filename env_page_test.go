package zscalermcp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp"
)

// R61: whom to ask is a link where it is one, and text otherwise.
func TestContact(t *testing.T) {
	for contact, want := range map[string]string{
		"it@example.com":                        `<p><a href="mailto:it@example.com">it@example.com</a></p>`,
		"mailto:it@example.com?subject=MCP":     `<p><a href="mailto:it@example.com?subject=MCP">mailto:it@example.com?subject=MCP</a></p>`,
		"https://help.example.com/mcp?a=1&b=2":  `<p><a href="https://help.example.com/mcp?a=1&amp;b=2">https://help.example.com/mcp?a=1&amp;b=2</a></p>`,
		"  The help desk, extension 42  ":       `<p>The help desk, extension 42</p>`,
		"#mcp on https://chat.example.com":      `<p>#mcp on https://chat.example.com</p>`,
		"https://help.example.com or Bob":       `<p>https://help.example.com or Bob</p>`,
		"https://help.example.com/a or Bob":     `<p>https://help.example.com/a or Bob</p>`,
		"http://help.example.com":               `<p>http://help.example.com</p>`,
		"javascript:alert(1)":                   `<p>javascript:alert(1)</p>`,
		"data:text/html,x":                      `<p>data:text/html,x</p>`,
		`<a href="https://evil.example">x</a>`:  `<p>&lt;a href=&#34;https://evil.example&#34;&gt;x&lt;/a&gt;</p>`,
		"https:/nowhere":                        `<p>https:/nowhere</p>`,
		"mailto:":                               `<p>mailto:</p>`,
		"Ann <ann@example.com>":                 `<p>Ann &lt;ann@example.com&gt;</p>`,
		"a?cc=b@example.com":                    `<p><a href="mailto:a%3Fcc=b@example.com">a?cc=b@example.com</a></p>`,
		"Zürich, 担当者":                           `<p>Zürich, 担当者</p>`,
		strings.Repeat("ü", 200):                `<p>` + strings.Repeat("ü", 200) + `</p>`,
		"https://help.example.com/" + `"onx="1`: `<p><a href="https://help.example.com/%22onx=%221">https://help.example.com/&#34;onx=&#34;1</a></p>`,
		"HTTPS://help.example.com":              `<p><a href="HTTPS://help.example.com">HTTPS://help.example.com</a></p>`,
	} {
		option := newServer(t, tenantEnv.with(keyVars...).option(), zscalermcp.WithContact(contact))
		variable := newServer(t, tenantEnv.with(append(keyVars, "ZSCALER_MCP_CONTACT", contact)...).option())
		for place, srv := range map[string]*zscalermcp.Server{"option": option, "variable": variable} {
			if text := visit(t, srv, http.MethodGet, "localhost", "/mcp").Body.String(); !strings.Contains(text, "<h2>Whom to ask</h2>\n"+want+"\n") {
				t.Errorf("%s %q: %s", place, contact, text[max(0, len(text)-300):])
			}
		}
	}
	both := newServer(t, tenantEnv.with(append(keyVars, "ZSCALER_MCP_CONTACT", "the variable")...).option(), zscalermcp.WithContact("the option"))
	if text := visit(t, both, http.MethodGet, "localhost", "/mcp").Body.String(); !strings.Contains(text, "the option") || strings.Contains(text, "the variable") {
		t.Error("the variable wins over the option")
	}
}

// A contact that people could not read, or should not, does not start; nor is it repeated.
func TestContactMistakes(t *testing.T) {
	for contact, want := range map[string]string{
		strings.Repeat("x", 201):                 "at most 200",
		"two\nlines":                             "one line",
		"right\u202eleft":                        "one line",
		"no \xff text":                           "one line",
		"https://ann:passw0rd@help.example.com/": "user",
	} {
		_, optionErr := zscalermcp.New(tenantEnv.option(), zscalermcp.WithContact(contact))
		_, variableErr := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_CONTACT", contact).option())
		for name, err := range map[string]error{"WithContact": optionErr, "ZSCALER_MCP_CONTACT": variableErr} {
			if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "passw0rd") {
				t.Errorf("%s %q: %v", name, contact, err)
			}
		}
	}
	if _, err := zscalermcp.New(tenantEnv.option(), zscalermcp.WithContact(" ")); err == nil || !strings.Contains(err.Error(), "WithContact") {
		t.Errorf("an empty one: %v", err)
	}
	if _, err := zscalermcp.New(tenantEnv.with("ZSCALER_MCP_PAGE", "perhaps").option()); err == nil || !strings.Contains(err.Error(), "ZSCALER_MCP_PAGE") {
		t.Errorf("neither on nor off: %v", err)
	}
	warned := newServer(t, tenantEnv.with("ZSCALER_MCP_CONTACT", "it@example.com", "ZSCALER_MCP_PAGE", "off").option()).Posture().Warnings
	if !strings.Contains(strings.Join(warned, "\n"), "nobody will read the contact") {
		t.Errorf("a contact without a page: %q", warned)
	}
}
