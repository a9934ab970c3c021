package engawa

// routes is the table of operations; a new one is a function in its resource's
// file and a line here. Each needs a token that speaks for a User.
var routes = []route{
	{"GET /networks", "read:accounts", networksList, ""},

	{"GET /links", "read:accounts", linksList, ""},
	{"POST /links", "write:accounts", linksBegin, "network"},
	{"POST /links/finish", "write:accounts", linksFinish, "network"},
	{"GET /links/{id}", "read:accounts", linksShow, ""},
	{"PATCH /links/{id}", "write:accounts", linksChange, ""},
	{"DELETE /links/{id}", "write:accounts", linksDrop, ""},
	{"POST /links/{id}/check", "write:accounts", linksCheck, "network"},
	{"POST /links/{id}/pause", "write:accounts", linksPause, ""},
	{"POST /links/{id}/resume", "write:accounts", linksResume, ""},

	{"GET /rules", "read:accounts", rulesShow, ""},
	{"PUT /rules", "write:accounts", rulesPut, "trial"},

	{"POST /relay/preview", "read:statuses", relayPreview, "preview"},
	{"GET /relay/status", "read:accounts", relayStatus, ""},

	{"GET /posts/{id}/copies", "read:statuses", copiesList, ""},
	{"POST /posts/{id}/copies/{link}/{action}", "write:statuses", copiesAct, ""},

	{"GET /lanes", "read:lists", lanesList, ""},
	{"PATCH /lanes/{id}", "write:lists", lanesChange, ""},
	{"GET /lanes/{id}/timeline", "read:statuses", lanesTimeline, ""},
	{"GET /lanes/{id}/marker", "read:statuses", lanesMarker, ""},
	{"PUT /lanes/{id}/marker", "write:statuses", lanesRead, ""},

	{"GET /posts/{id}/folds", "read:statuses", foldsShow, ""},
	{"POST /posts/{id}/unfold", "write:statuses", foldsUndo, ""},
	{"POST /posts/{id}/refold", "write:statuses", foldsAgain, ""},
}
