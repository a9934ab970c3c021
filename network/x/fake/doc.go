// Package fake is a server that answers as X's API v2 does, as far as package x
// and its tests need it.
//
// Known from X's pages and other clients (facts, section 3.1): paths, bodies and
// statuses of posts, media and users; the refusals of duplicates, of answers to
// strangers and of long posts with their words; rate-limit headers; prices;
// OAuth 1.0a (RFC 5849), which is verified; OAuth 2 with PKCE (RFC 7636).
// The shape was driven with npm twitter-api-v2 1.29.1 (test/peers/x).
//
// Assumed: how long a new post is missing from its author's timeline (Delay);
// that the duplicate rule looks at the texts of all living posts of an account
// without files; 402 for an app without credit; refresh tokens good for one use;
// the words of 401 and 400; that text is escaped and addresses are shortened
// before they are given back; what is charged for deeds without text.
package fake
