package activitypub

// contextJSON is the @context of everything that is sent: ActivityStreams, the
// vocabularies of keys, and every further term inline, so that those who do
// full JSON-LD (Iceshrimp.NET) find them all (mastodon.md 5.7, misskey.md 1.1).
// Terms that are sent and terms that stand here are held together by a test.
const contextJSON = `["https://www.w3.org/ns/activitystreams","https://w3id.org/security/v1",` +
	`"https://w3id.org/security/data-integrity/v1","https://w3id.org/security/multikey/v1",` +
	`"https://purl.archive.org/socialweb/webfinger",{` +
	`"Key":"sec:Key","assertionMethod":{"@id":"sec:assertionMethod","@type":"@id","@container":"@set"},` +
	`"manuallyApprovesFollowers":"as:manuallyApprovesFollowers","sensitive":"as:sensitive","Hashtag":"as:Hashtag","quoteUrl":"as:quoteUrl",` +
	`"movedTo":{"@id":"as:movedTo","@type":"@id"},"alsoKnownAs":{"@id":"as:alsoKnownAs","@type":"@id"},` +
	`"toot":"http://joinmastodon.org/ns#","Emoji":"toot:Emoji","featured":{"@id":"toot:featured","@type":"@id"},` +
	`"focalPoint":{"@container":"@list","@id":"toot:focalPoint"},"blurhash":"toot:blurhash","discoverable":"toot:discoverable",` +
	`"indexable":"toot:indexable","memorial":"toot:memorial","suspended":"toot:suspended","votersCount":"toot:votersCount",` +
	`"schema":"http://schema.org#","PropertyValue":"schema:PropertyValue","value":"schema:value",` +
	`"ostatus":"http://ostatus.org#","conversation":"ostatus:conversation",` +
	`"litepub":"http://litepub.social/ns#","directMessage":"litepub:directMessage",` +
	`"gts":"https://gotosocial.org/ns#","interactionPolicy":{"@id":"gts:interactionPolicy","@type":"@id"},` +
	`"canQuote":{"@id":"gts:canQuote","@type":"@id"},"automaticApproval":{"@id":"gts:automaticApproval","@type":"@id"},` +
	`"manualApproval":{"@id":"gts:manualApproval","@type":"@id"},"interactingObject":{"@id":"gts:interactingObject","@type":"@id"},` +
	`"interactionTarget":{"@id":"gts:interactionTarget","@type":"@id"},` +
	`"quote":{"@id":"https://w3id.org/fep/044f#quote","@type":"@id"},` +
	`"quoteAuthorization":{"@id":"https://w3id.org/fep/044f#quoteAuthorization","@type":"@id"},` +
	`"QuoteRequest":"https://w3id.org/fep/044f#QuoteRequest","QuoteAuthorization":"https://w3id.org/fep/044f#QuoteAuthorization",` +
	`"fedibird":"http://fedibird.com/ns#","quoteUri":"fedibird:quoteUri",` +
	`"misskey":"https://misskey-hub.net/ns#","_misskey_content":"misskey:_misskey_content","_misskey_quote":"misskey:_misskey_quote",` +
	`"_misskey_reaction":"misskey:_misskey_reaction","_misskey_summary":"misskey:_misskey_summary",` +
	`"_misskey_followedMessage":"misskey:_misskey_followedMessage",` +
	`"_misskey_requireSigninToViewContents":"misskey:_misskey_requireSigninToViewContents",` +
	`"_misskey_makeNotesFollowersOnlyBefore":"misskey:_misskey_makeNotesFollowersOnlyBefore",` +
	`"_misskey_makeNotesHiddenBefore":"misskey:_misskey_makeNotesHiddenBefore",` +
	`"requireSigninToViewContents":"misskey:requireSigninToViewContents",` +
	`"makeNotesFollowersOnlyBefore":"misskey:makeNotesFollowersOnlyBefore","makeNotesHiddenBefore":"misskey:makeNotesHiddenBefore",` +
	`"isCat":"misskey:isCat",` +
	`"sharkey":"https://joinsharkey.org/ns#","speakAsCat":"sharkey:speakAsCat","backgroundUrl":"sharkey:backgroundUrl",` +
	`"listenbrainz":"sharkey:listenbrainz","noindex":"sharkey:noindex",` +
	`"vcard":"http://www.w3.org/2006/vcard/ns#"}]`
