// Package zeasm declares the tools of Zscaler External Attack Surface Management: organisations, findings on assets that face the internet, and domains that
// look like those of the organisation. All of them read; ids are text, and every report belongs to one organisation.
package zeasm
