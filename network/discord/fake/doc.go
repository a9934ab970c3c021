// Package fake is Discord's webhook API as far as Engawa uses it, on loopback.
//
// Known, from Discord's developer documentation:
// POST /api/webhooks/{id}/{token}?wait=true answers 200 with the message, without wait 204; PATCH and DELETE …/messages/{id}; content at
// most 2000 characters, at most 10 embeds, description at most 4096, 6000 in
// all embeds; username at most 80; multipart with payload_json and files[n],
// attachments with id, filename and description (1024); 429 with message,
// retry_after (seconds, with a fraction) and global, and the header fields
// X-RateLimit-Limit, -Remaining, -Reset, -Reset-After, -Bucket; errors as
// {"message", "code"}: 10015 unknown webhook, 10008 unknown message, 50006
// empty message, 50027 bad token, 50035 invalid form body, 40005 too large.
//
// Assumed: 5 messages in 2 seconds for a webhook (the documentation gives no
// number and asks to read the header fields); lengths counted in code points;
// 10 MiB for all files of a message.
package fake
