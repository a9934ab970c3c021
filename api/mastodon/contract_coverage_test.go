package mastodon

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// coverageFile is the table of operations, each with what holds it.
const coverageFile = "../../docs/mastodon-api.md"

// special are tests of what operations do beyond the form of their answers, by
// the beginnings of their paths.
var special = []struct{ prefix, tests string }{
	{"/api/oembed", "`TestOEmbed`"}, {"/api/v1/announcements", "`TestAnnouncements`, `TestAnnouncementReactions`"}, {"/api/v1/admin/announcements", "`TestAnnouncements`"}, {"/api/v1/admin/documents", "`TestTermsByDate`"},
	{"/api/v1/annual_reports", "`TestWhatIsOffAnswers`"}, {"/api/v1/collections", "`TestCollections`"}, {"/api/v1/instance/terms_of_service", "`TestTermsByDate`"},
	{"/api/v1/instance/privacy_policy", "`TestTermsByDate`"}, {"/api/v1/instance/peers", "`TestInstancePeople`"}, {"/api/v1/peers", "`TestInstancePeople`"}, {"/api/v1/instance/activity", "`TestInstancePeople`"},
	{"/api/v1/instance/domain_blocks", "`TestInstancePeople`"}, {"/api/v1/instance/translation_languages", "`TestTranslate`"}, {"/api/v1/trends/links", "`TestLinksTrend`"},
	{"/api/v1/timelines/link", "`TestLinksTrend`"}, {"/api/v1/suggestions", "`TestSuggestions`"}, {"/api/v2/suggestions", "`TestSuggestions`"}, {"/api/v1/endorsements", "`TestEndorsements`"},
	{"/api/v1/admin/accounts", "`TestAdminAccounts`, `TestAdminActions`"}, {"/api/v2/admin/accounts", "`TestAdminAccounts`"}, {"/api/v1/admin/reports", "`TestAdminReports`"},
	{"/api/v1/admin/domain_", "`TestAdminDomains`"}, {"/api/v1/admin/email_domain_blocks", "`TestAdminBars`"}, {"/api/v1/admin/ip_blocks", "`TestAdminBars`"},
	{"/api/v1/admin/canonical_email_blocks", "`TestAdminBars`"}, {"/api/v1/admin/", "`TestAdminRefusals`"}, {"/api/v2/admin/", "`TestAdminRefusals`"},
	{"/api/v1/pleroma/", "`TestEmojiReactions`"}, {"/api/v1/timelines/home", "`TestHomePages`"}, {"/api/v1/favourites", "`TestRowsPageByTheirOwnIDs`"}, {"/api/v1/bookmarks", "`TestRowsPageByTheirOwnIDs`"},
}

// coverage writes or checks the table of operations.
func coverage(t *testing.T, c *contract, seen map[string]int) {
	t.Helper()
	var b strings.Builder
	b.WriteString(coverageHead)
	held := 0
	known := map[string]bool{}
	for _, o := range c.Operations {
		known[o.Op] = true
		by := elsewhere[o.Op]
		switch {
		case seen[o.Op] > 0:
			by = "`TestContract`"
		case by == "":
			t.Errorf("%s is held by no test, and no reason is told", o.Op)
			continue
		}
		held++
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", shown(o.Op), orElse(o.Since, "?"), by+alsoBy(o.Op, by))
	}
	fmt.Fprintf(&b, "\n%d of %d operations.\n\n", held, len(c.Operations))
	b.WriteString(beyondHead)
	for _, r := range routes {
		op := placeholder.ReplaceAllString(r.pattern, "{}")
		if !known[op] {
			by := strings.TrimPrefix(alsoBy(op, ""), ", ")
			if by == "" {
				by = "`TestScopes`, `TestHeadersOnEveryRoute`"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", shown(op), orElse(strings.ReplaceAll(r.scope, "|", " or "), "–"), by)
		}
	}
	b.WriteString(quirksHead)
	for _, q := range quirks {
		fmt.Fprintf(&b, "| `%s.%s` | %s |\n", q.entity, strings.TrimSuffix(q.field, "?"), q.reason)
	}
	if *update {
		must(t, os.WriteFile(coverageFile, []byte(b.String()), 0o644))
		return
	}
	if kept, _ := os.ReadFile(coverageFile); string(kept) != b.String() {
		t.Error("docs/mastodon-api.md is not what the tests hold: go test ./api/mastodon -run TestContract -update")
	}
}

func shown(op string) string { return strings.ReplaceAll(op, "{}", ":id") }

func alsoBy(op, by string) string {
	_, path, _ := strings.Cut(op, " ")
	var out []string
	for _, s := range special {
		if strings.HasPrefix(path, s.prefix) && !slices.Contains(out, s.tests) && by != s.tests {
			out = append(out, s.tests)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return ", " + strings.Join(out, ", ")
}

const coverageHead = `# Mastodon's client API: what is here and what holds it

Made by ` + "`go test ./api/mastodon -run TestContract -update`" + `; do not edit.

` + "`TestContract`" + ` asks each operation, for things of this home and of others, with and without anything to tell, and holds the
answers against ` + "`api/mastodon/testdata/contract.json`" + `: types, keys that are missing, keys that nobody knows. Who may use an
operation is held by ` + "`TestScopes`" + ` and ` + "`TestAccess`" + `; what happens with other people's ids by ` + "`TestSwappedIDs`" + ` and
` + "`TestSwappedIDsOfReads`" + `; what happens with nonsense by ` + "`TestNoRequestBreaks`" + ` and ` + "`TestBadInput`" + `.

## What is off, and how it answers

As Mastodon does where a feature is empty or switched off; no path of its API is missing.

| what | answers |
|---|---|
| annual reports | an empty list, state ` + "`ineligible`" + `; ` + "`generate`" + ` makes nothing; the report of a year is a 404 |
| translation, until the setting ` + "`translation`" + ` names a service | no languages, 403 for a post, ` + "`configuration.translation.enabled`" + ` false |
| terms of service, until the staff wrote some | 404, and null in the instance's ` + "`urls`" + `; the privacy policy is an empty text |
| collections of people elsewhere | none: whom a collection names lives here and wants to be found (others 403); collections are not federated |
| domains that are kept out | told to who is logged in; strangers read an empty list |
| identity proofs | an empty list, as since Mastodon 3.5 |

## Calls of our own

What Mastodon's administrators do in its pages only. They need the scopes ` + "`admin:read`" + ` and ` + "`admin:write`" + `, and an administrator or owner.

| call | does |
|---|---|
| ` + "`GET`, `POST /api/v1/admin/announcements`, `PUT`, `DELETE …/:id`" + ` | announcements: text, starts_at, ends_at, all_day, published (true unless said otherwise; a draft is seen here only) |
| ` + "`GET /api/v1/admin/documents/terms_of_service`, `…/privacy_policy`" + ` | all versions, with their source |
| ` + "`PUT`, `DELETE …/YYYY-MM-DD`" + ` | the version that is in force from that day: text and changelog in Markdown; what is or was in force stays |
| ` + "`/@name.rss`, `/tags/name.rss`" + ` | what is public, as RSS 2.0 |

## The operations of the schema

| operation | since | held by |
|---|---|---|
`

const beyondHead = `## Beyond the schema

Mastodon's admin API, routes that Mastodon has and its schema lacks, and what apps of other servers look for.

| operation | scope | held by |
|---|---|---|
`

const quirksHead = `
## Where the schema is not believed

| field | why |
|---|---|
`

// mayOpenSchema is the schema, nil where it is not there.
func mayOpenSchema(t *testing.T) *schema {
	t.Helper()
	if _, err := os.Stat(schemaFile); os.IsNotExist(err) {
		return nil
	}
	return openSchema(t)
}

// answer validates what an operation answered against the schema itself.
func (s *schema) answer(t *testing.T, op *contractOp, v any) {
	t.Helper()
	pointer := s.pointers[op.Op]
	if pointer == "" || told[op.Op] != nil {
		return
	}
	sch, err := s.compiler.Compile("file:///mastodon.json#" + pointer)
	must(t, err)
	if err := sch.Validate(v); err != nil {
		if _, ok := err.(*jsonschema.ValidationError); ok {
			t.Errorf("%s: %v", op.Op, err)
		}
	}
}
