// Package mfm reads MFM, the markup of Misskey, into the nodes that mfm.js
// 0.25 makes of it, and writes them as HTML for federation, as HTML for our
// web client (FEP-c16b), and as plain text. It also makes MFM of HTML.
package mfm
