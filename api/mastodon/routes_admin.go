package mastodon

import (
	"slices"

	"engawa/social"
)

// adminRoutes are the operations of the staff. A stranger is refused as somebody
// without the permission is, so that access is anyone's.
var adminRoutes = slices.Concat(adminPeopleRoutes, adminListRoutes, adminTrendRoutes)

const (
	people     = social.ManageUsers
	complaints = social.ManageReports
	federation = social.ManageFederation
	barred     = social.ManageBlocks
	dashboard  = social.ViewDashboard
	taxonomies = social.ManageTaxonomies
)

var adminPeopleRoutes = []route{
	{"GET /api/v1/admin/accounts", anyone, "admin:read:accounts", staff(people, adminAccountsV1), ""},
	{"GET /api/v2/admin/accounts", anyone, "admin:read:accounts", staff(people, adminAccountsV2), ""},
	{"GET /api/v1/admin/accounts/{id}", anyone, "admin:read:accounts", staff(people, adminAccountShow), ""},
	{"DELETE /api/v1/admin/accounts/{id}", anyone, "admin:write:accounts", staff(social.DeleteUserData, adminAccountDelete), ""},
	{"POST /api/v1/admin/accounts/{id}/approve", anyone, "admin:write:accounts", staff(people, adminAccountApprove), ""},
	{"POST /api/v1/admin/accounts/{id}/reject", anyone, "admin:write:accounts", staff(people, adminAccountReject), ""},
	{"POST /api/v1/admin/accounts/{id}/enable", anyone, "admin:write:accounts", staff(people, adminLift(social.DecideDisable)), ""},
	{"POST /api/v1/admin/accounts/{id}/unsilence", anyone, "admin:write:accounts", staff(people, adminLift(social.DecideLimit)), ""},
	{"POST /api/v1/admin/accounts/{id}/unsuspend", anyone, "admin:write:accounts", staff(people, adminLift(social.DecideSuspend)), ""},
	{"POST /api/v1/admin/accounts/{id}/unsensitive", anyone, "admin:write:accounts", staff(people, adminLift(social.DecideSensitive)), ""},
	{"POST /api/v1/admin/accounts/{id}/action", anyone, "admin:write:accounts", staff(people|complaints, adminAccountAction), ""},

	{"GET /api/v1/admin/reports", anyone, "admin:read:reports", staff(complaints, adminReports), ""},
	{"GET /api/v1/admin/reports/{id}", anyone, "admin:read:reports", staff(complaints, adminReportShow), ""},
	{"PUT /api/v1/admin/reports/{id}", anyone, "admin:write:reports", staff(complaints, adminReportUpdate), ""},
	{"PATCH /api/v1/admin/reports/{id}", anyone, "admin:write:reports", staff(complaints, adminReportUpdate), ""},
	{"POST /api/v1/admin/reports/{id}/assign_to_self", anyone, "admin:write:reports", staff(complaints, adminReportAssign), ""},
	{"POST /api/v1/admin/reports/{id}/unassign", anyone, "admin:write:reports", staff(complaints, adminReportUnassign), ""},
	{"POST /api/v1/admin/reports/{id}/resolve", anyone, "admin:write:reports", staff(complaints, adminReportResolve), ""},
	{"POST /api/v1/admin/reports/{id}/reopen", anyone, "admin:write:reports", staff(complaints, adminReportReopen), ""},
}

var adminListRoutes = []route{
	{"GET /api/v1/admin/domain_allows", anyone, "admin:read:domain_allows", staff(federation, domainAllows.index), ""},
	{"GET /api/v1/admin/domain_allows/{id}", anyone, "admin:read:domain_allows", staff(federation, domainAllows.get), ""},
	{"POST /api/v1/admin/domain_allows", anyone, "admin:write:domain_allows", staff(federation, domainAllowCreate), ""},
	{"DELETE /api/v1/admin/domain_allows/{id}", anyone, "admin:write:domain_allows", staff(federation, domainAllows.drop), ""},

	{"GET /api/v1/admin/domain_blocks", anyone, "admin:read:domain_blocks", staff(federation, adminDomainBlocks), ""},
	{"GET /api/v1/admin/domain_blocks/{id}", anyone, "admin:read:domain_blocks", staff(federation, adminDomainBlockShow), ""},
	{"POST /api/v1/admin/domain_blocks", anyone, "admin:write:domain_blocks", staff(federation, adminDomainBlockCreate), ""},
	{"PUT /api/v1/admin/domain_blocks/{id}", anyone, "admin:write:domain_blocks", staff(federation, adminDomainBlockUpdate), ""},
	{"PATCH /api/v1/admin/domain_blocks/{id}", anyone, "admin:write:domain_blocks", staff(federation, adminDomainBlockUpdate), ""},
	{"DELETE /api/v1/admin/domain_blocks/{id}", anyone, "admin:write:domain_blocks", staff(federation, adminDomainBlockDelete), ""},

	{"GET /api/v1/admin/email_domain_blocks", anyone, "admin:read:email_domain_blocks", staff(barred, emailDomainBlocks.index), ""},
	{"GET /api/v1/admin/email_domain_blocks/{id}", anyone, "admin:read:email_domain_blocks", staff(barred, emailDomainBlocks.get), ""},
	{"POST /api/v1/admin/email_domain_blocks", anyone, "admin:write:email_domain_blocks", staff(barred, emailDomainCreate), ""},
	{"DELETE /api/v1/admin/email_domain_blocks/{id}", anyone, "admin:write:email_domain_blocks", staff(barred, emailDomainBlocks.drop), ""},

	{"GET /api/v1/admin/ip_blocks", anyone, "admin:read:ip_blocks", staff(barred, ipBlocks.index), ""},
	{"GET /api/v1/admin/ip_blocks/{id}", anyone, "admin:read:ip_blocks", staff(barred, ipBlocks.get), ""},
	{"POST /api/v1/admin/ip_blocks", anyone, "admin:write:ip_blocks", staff(barred, ipBlockCreate), ""},
	{"PUT /api/v1/admin/ip_blocks/{id}", anyone, "admin:write:ip_blocks", staff(barred, ipBlockUpdate), ""},
	{"PATCH /api/v1/admin/ip_blocks/{id}", anyone, "admin:write:ip_blocks", staff(barred, ipBlockUpdate), ""},
	{"DELETE /api/v1/admin/ip_blocks/{id}", anyone, "admin:write:ip_blocks", staff(barred, ipBlocks.drop), ""},

	{"GET /api/v1/admin/canonical_email_blocks", anyone, "admin:read:canonical_email_blocks", staff(barred, emailBlocks.index), ""},
	{"GET /api/v1/admin/canonical_email_blocks/{id}", anyone, "admin:read:canonical_email_blocks", staff(barred, emailBlocks.get), ""},
	{"POST /api/v1/admin/canonical_email_blocks", anyone, "admin:write:canonical_email_blocks", staff(barred, emailBlockCreate), ""},
	{"POST /api/v1/admin/canonical_email_blocks/test", anyone, "admin:read:canonical_email_blocks", staff(barred, emailBlockTest), ""},
	{"DELETE /api/v1/admin/canonical_email_blocks/{id}", anyone, "admin:write:canonical_email_blocks", staff(barred, emailBlocks.drop), ""},
}

var adminTrendRoutes = []route{
	{"POST /api/v1/admin/measures", anyone, "admin:read", staff(dashboard, adminMeasures), ""},
	{"POST /api/v1/admin/dimensions", anyone, "admin:read", staff(dashboard, adminDimensions), ""},
	{"POST /api/v1/admin/retention", anyone, "admin:read", staff(dashboard, adminRetention), ""},

	{"GET /api/v1/admin/trends/tags", anyone, "admin:read", staff(taxonomies, adminTrendsTags), ""},
	{"POST /api/v1/admin/trends/tags/{id}/approve", anyone, "admin:write", staff(taxonomies, reviewTag(true)), ""},
	{"POST /api/v1/admin/trends/tags/{id}/reject", anyone, "admin:write", staff(taxonomies, reviewTag(false)), ""},
	{"GET /api/v1/admin/trends/statuses", anyone, "admin:read", staff(taxonomies, adminTrendsStatuses), ""},
	{"POST /api/v1/admin/trends/statuses/{id}/approve", anyone, "admin:write", staff(taxonomies, reviewStatus(true)), ""},
	{"POST /api/v1/admin/trends/statuses/{id}/reject", anyone, "admin:write", staff(taxonomies, reviewStatus(false)), ""},
	{"GET /api/v1/admin/trends/links", anyone, "admin:read", staff(taxonomies, adminTrendsLinks), ""},
	{"POST /api/v1/admin/trends/links/{id}/approve", anyone, "admin:write", staff(taxonomies, reviewLink(true)), ""},
	{"POST /api/v1/admin/trends/links/{id}/reject", anyone, "admin:write", staff(taxonomies, reviewLink(false)), ""},
	{"GET /api/v1/admin/trends/links/publishers", anyone, "admin:read", staff(taxonomies, adminPublishers), ""},
	{"POST /api/v1/admin/trends/links/publishers/{id}/approve", anyone, "admin:write", staff(taxonomies, reviewPublisher(true)), ""},
	{"POST /api/v1/admin/trends/links/publishers/{id}/reject", anyone, "admin:write", staff(taxonomies, reviewPublisher(false)), ""},

	{"GET /api/v1/admin/tags", anyone, "admin:read", staff(taxonomies, adminTagList), ""},
	{"GET /api/v1/admin/tags/{id}", anyone, "admin:read", staff(taxonomies, adminTagShow), ""},
	{"PUT /api/v1/admin/tags/{id}", anyone, "admin:write", staff(taxonomies, adminTagUpdate), ""},
	{"PATCH /api/v1/admin/tags/{id}", anyone, "admin:write", staff(taxonomies, adminTagUpdate), ""},
}
