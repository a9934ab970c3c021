// Package markup turns text into other text: HTML of strangers into HTML that
// is safe, what people write (plain, Markdown, MFM) into HTML, and HTML into
// plain text. Nothing here panics on any input, and everything runs in time
// linear in the length of its input.
package markup
