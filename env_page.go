package zscalermcp

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pageSettings are about the page for people who open the endpoint's address in a browser.
type pageSettings struct {
	off     bool
	contact string
}

// WithoutPage switches off the page for people: whoever opens the endpoint's address in a browser is refused like a program without a credential.
// By default they get a page without script, which says what the endpoint is, how clients are set up for it in the mode of authentication that is in force, and
// whom to ask. It names no tool and no tenant.
func WithoutPage() Option {
	return func(c *config) error {
		c.page.off = true
		return nil
	}
}

// WithContact gives whom people are to ask, for the page that they get in a browser: an e-mail address, an https or mailto URL, or a few words, of at
// most 200 characters. Strangers read it too.
func WithContact(text string) Option {
	return func(c *config) error {
		c.page.contact = strings.TrimSpace(text)
		if c.page.contact == "" {
			return errors.New("WithContact: the text is empty; leave the option out")
		}
		if err := checkContact(c.page.contact); err != nil {
			return fmt.Errorf("WithContact: %w", err)
		}
		return nil
	}
}

// pageFromEnv reads whether there is a page for people, and whom it names.
func (c *config) pageFromEnv(e *env) {
	if on := e.flag("ZSCALER_MCP_PAGE"); on != nil && !*on {
		c.page.off = true
	}
	if c.page.contact == "" {
		c.page.contact = e.text("ZSCALER_MCP_CONTACT")
		if err := checkContact(c.page.contact); err != nil {
			e.errs = append(e.errs, fmt.Errorf("ZSCALER_MCP_CONTACT: %w", err))
		}
	}
	if c.page.off && c.page.contact != "" {
		c.warnings = append(c.warnings, "nobody will read the contact (WithContact, ZSCALER_MCP_CONTACT): the page for people is switched off")
	}
}

func checkContact(text string) error {
	const longest = 200
	if u, err := url.Parse(text); err == nil && u.User != nil {
		return errors.New("the URL has a user, which strangers would read: leave it out")
	}
	if n := utf8.RuneCountInString(text); n > longest {
		return fmt.Errorf("has %d characters: at most %d", n, longest)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }) {
		return errors.New("must be one line of printable text")
	}
	return nil
}

// contactLink is a contact as a link: an https or mailto URL, or an e-mail address; "" for other words.
func contactLink(text string) string {
	u, err := url.Parse(text)
	switch {
	case text == "" || strings.Contains(text, " "):
		return ""
	case err == nil && (u.Scheme == "https" && u.Hostname() != "" || u.Scheme == "mailto" && u.Opaque != ""):
		return text
	}
	if at, err := mail.ParseAddress(text); err == nil && at.Address == text {
		return "mailto:" + url.PathEscape(text)
	}
	return ""
}
