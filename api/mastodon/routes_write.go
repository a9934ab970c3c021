package mastodon

import "engawa/social"

// writeRoutes are the operations that change something, with the reads that
// belong to what is written only.
var writeRoutes = []route{
	// OAuth
	{"POST /api/v1/apps", anyone, "", createApp, "app"},
	{"POST /oauth/token", anyone, "", issueToken, ""},
	{"POST /oauth/revoke", anyone, "", revokeToken, ""},
	{"GET /oauth/userinfo", withUser, "profile", userInfo, ""},
	{"POST /oauth/userinfo", withUser, "profile", userInfo, ""},
	{"GET /.well-known/oauth-authorization-server", anyone, "", oauthServer, ""},
	{"POST /api/v1/accounts", withApp, "write:accounts", signUp, "sign-up"},
	{"POST /api/v1/emails/confirmations", unconfirmed, "write:accounts", resendConfirmation, ""},
	{"GET /api/v1/emails/check_confirmation", unconfirmed, "read:accounts", checkConfirmation, ""},

	// statuses
	{"POST /api/v1/statuses", withUser, "write:statuses", createStatus, "post"},
	{"PUT /api/v1/statuses/{id}", withUser, "write:statuses", updateStatus, "post"},
	{"DELETE /api/v1/statuses/{id}", withUser, "write:statuses", deleteStatus, "delete"},
	{"POST /api/v1/statuses/{id}/reblog", withUser, "write:statuses", reblog, "post"},
	{"POST /api/v1/statuses/{id}/unreblog", withUser, "write:statuses", unreblog, "delete"},
	{"POST /api/v1/statuses/{id}/favourite", withUser, "write:favourites", favourite, ""},
	{"POST /api/v1/statuses/{id}/unfavourite", withUser, "write:favourites", unfavourite, ""},
	{"POST /api/v1/statuses/{id}/bookmark", withUser, "write:bookmarks", bookmark, ""},
	{"POST /api/v1/statuses/{id}/unbookmark", withUser, "write:bookmarks", unbookmark, ""},
	{"POST /api/v1/statuses/{id}/mute", withUser, "write:mutes", muteThread, ""},
	{"POST /api/v1/statuses/{id}/unmute", withUser, "write:mutes", hearThread, ""},
	{"POST /api/v1/statuses/{id}/pin", withUser, "write:accounts", pin, ""},
	{"POST /api/v1/statuses/{id}/unpin", withUser, "write:accounts", unpin, ""},
	{"PUT /api/v1/statuses/{id}/interaction_policy", withUser, "write:statuses", interactionPolicy, ""},
	{"POST /api/v1/statuses/{id}/quotes/{quoting}/revoke", withUser, "write:statuses", revokeQuote, ""},
	{"PUT /api/v1/pleroma/statuses/{id}/reactions/{emoji}", withUser, "write:favourites|write:statuses", react, ""},
	{"DELETE /api/v1/pleroma/statuses/{id}/reactions/{emoji}", withUser, "write:favourites|write:statuses", unreact, ""},
	{"POST /api/v1/statuses/{id}/react/{emoji}", withUser, "write:favourites|write:statuses", react, ""},
	{"POST /api/v1/statuses/{id}/unreact/{emoji}", withUser, "write:favourites|write:statuses", unreact, ""},
	{"POST /api/v1/polls/{id}/votes", withUser, "write:statuses", vote, ""},
	{"PUT /api/v1/scheduled_statuses/{id}", withUser, "write:statuses", updateScheduled, ""},
	{"DELETE /api/v1/scheduled_statuses/{id}", withUser, "write:statuses", deleteScheduled, ""},

	// media
	{"POST /api/v1/media", withUser, "write:media", createMedia, "upload"},
	{"POST /api/v2/media", withUser, "write:media", createMedia, "upload"},
	{"GET /api/v1/media/{id}", withUser, "write:media", getMedia, ""},
	{"PUT /api/v1/media/{id}", withUser, "write:media", updateMedia, ""},
	{"DELETE /api/v1/media/{id}", withUser, "write:media", deleteMedia, ""},

	// accounts
	{"POST /api/v1/accounts/{id}/follow", withUser, "write:follows", related(follow), "follow"},
	{"POST /api/v1/accounts/{id}/unfollow", withUser, "write:follows", related(unfollow), ""},
	{"POST /api/v1/accounts/{id}/remove_from_followers", withUser, "write:follows", related(removeFollower), ""},
	{"POST /api/v1/accounts/{id}/block", withUser, "write:blocks", related(block), ""},
	{"POST /api/v1/accounts/{id}/unblock", withUser, "write:blocks", related(unblock), ""},
	{"POST /api/v1/accounts/{id}/mute", withUser, "write:mutes", related(mute), ""},
	{"POST /api/v1/accounts/{id}/unmute", withUser, "write:mutes", related(unmute), ""},
	{"POST /api/v1/accounts/{id}/note", withUser, "write:accounts", related(note), ""},
	{"POST /api/v1/follow_requests/{id}/authorize", withUser, "write:follows", related(answerRequest(social.Accept)), ""},
	{"POST /api/v1/follow_requests/{id}/reject", withUser, "write:follows", related(answerRequest(social.Reject)), ""},
	{"PATCH /api/v1/accounts/update_credentials", withUser, "write:accounts", updateCredentials, ""},
	{"PATCH /api/v1/profile", withUser, "write:accounts", updateProfile, ""},
	{"DELETE /api/v1/profile/avatar", withUser, "write:accounts", deletePicture("avatar"), ""},
	{"DELETE /api/v1/profile/header", withUser, "write:accounts", deletePicture("header"), ""},
	{"POST /api/v1/domain_blocks", withUser, "write:blocks", blockDomain, ""},
	{"DELETE /api/v1/domain_blocks", withUser, "write:blocks", unblockDomain, ""},
	{"POST /api/v1/featured_tags", withUser, "write:accounts", createFeaturedTag, ""},
	{"DELETE /api/v1/featured_tags/{id}", withUser, "write:accounts", deleteFeaturedTag, ""},
	{"POST /api/v1/tags/{name}/feature", withUser, "write:accounts", featureTag(true), ""},
	{"POST /api/v1/tags/{name}/unfeature", withUser, "write:accounts", featureTag(false), ""},
	{"POST /api/v1/reports", withUser, "write:reports", createReport, "report"},

	{"POST /api/v1/accounts/{id}/endorse", withUser, "write:accounts", related(endorse(true)), ""},
	{"POST /api/v1/accounts/{id}/unendorse", withUser, "write:accounts", related(endorse(false)), ""},
	{"POST /api/v1/accounts/{id}/pin", withUser, "write:accounts", related(endorse(true)), ""},
	{"POST /api/v1/accounts/{id}/unpin", withUser, "write:accounts", related(endorse(false)), ""},

	// announcements and what the staff says
	{"POST /api/v1/announcements/{id}/dismiss", withUser, "write:accounts", announcementDismiss, ""},
	{"PUT /api/v1/announcements/{id}/reactions/{name}", withUser, "write:favourites", announcementReact(true), ""},
	{"DELETE /api/v1/announcements/{id}/reactions/{name}", withUser, "write:favourites", announcementReact(false), ""},
	{"GET /api/v1/admin/announcements", withUser, "admin:read", staffAnnouncements, ""},
	{"POST /api/v1/admin/announcements", withUser, "admin:write", saveAnnouncement(true), ""},
	{"PUT /api/v1/admin/announcements/{id}", withUser, "admin:write", saveAnnouncement(false), ""},
	{"DELETE /api/v1/admin/announcements/{id}", withUser, "admin:write", dropAnnouncement, ""},
	{"GET /api/v1/admin/documents/{kind}", withUser, "admin:read", staffDocuments, ""},
	{"PUT /api/v1/admin/documents/{kind}/{date}", withUser, "admin:write", saveDocument, ""},
	{"DELETE /api/v1/admin/documents/{kind}/{date}", withUser, "admin:write", dropDocument, ""},

	// collections
	{"POST /api/v1/collections", withUser, "write:collections", createCollection, ""},
	{"PATCH /api/v1/collections/{id}", withUser, "write:collections", updateCollection, ""},
	{"DELETE /api/v1/collections/{id}", withUser, "write:collections", deleteCollection, ""},
	{"POST /api/v1/collections/{id}/items", withUser, "write:collections", addCollectionItem, ""},
	{"DELETE /api/v1/collections/{id}/items/{item}", withUser, "write:collections", dropCollectionItem, ""},
	{"POST /api/v1/collections/{id}/items/{item}/revoke", withUser, "write:collections", revokeCollectionItem, ""},

	// lists
	{"POST /api/v1/lists", withUser, "write:lists", createList, ""},
	{"PUT /api/v1/lists/{id}", withUser, "write:lists", updateList, ""},
	{"DELETE /api/v1/lists/{id}", withUser, "write:lists", deleteList, ""},
	{"POST /api/v1/lists/{id}/accounts", withUser, "write:lists", addToList, ""},
	{"DELETE /api/v1/lists/{id}/accounts", withUser, "write:lists", removeFromList, ""},

	// filters
	{"POST /api/v2/filters", withUser, "write:filters", createFilter, ""},
	{"PUT /api/v2/filters/{id}", withUser, "write:filters", updateFilter, ""},
	{"DELETE /api/v2/filters/{id}", withUser, "write:filters", deleteFilter, ""},
	{"POST /api/v2/filters/{id}/keywords", withUser, "write:filters", createKeyword, ""},
	{"PUT /api/v2/filters/keywords/{id}", withUser, "write:filters", updateKeyword, ""},
	{"DELETE /api/v2/filters/keywords/{id}", withUser, "write:filters", deleteKeyword, ""},
	{"POST /api/v2/filters/{id}/statuses", withUser, "write:filters", createFilterStatus, ""},
	{"DELETE /api/v2/filters/statuses/{id}", withUser, "write:filters", deleteFilterStatus, ""},
	{"POST /api/v1/filters", withUser, "write:filters", createV1Filter, ""},
	{"PUT /api/v1/filters/{id}", withUser, "write:filters", updateV1Filter, ""},
	{"DELETE /api/v1/filters/{id}", withUser, "write:filters", deleteV1Filter, ""},

	// push
	{"POST /api/v1/push/subscription", withUser, "push", createPush, ""},
	{"GET /api/v1/push/subscription", withUser, "push", getPush, ""},
	{"PUT /api/v1/push/subscription", withUser, "push", updatePush, ""},
	{"DELETE /api/v1/push/subscription", withUser, "push", deletePush, ""},
}
