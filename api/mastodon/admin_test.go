package mastodon_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// adminScopes are all of the staff's.
var adminScopes = []string{"read", "write", "follow", "profile", "admin:read", "admin:write"}

// staffer makes a User with a role, and a client with every scope of the staff.
func (d *desk) staffer(name string, role social.Role) *client {
	d.Helper()
	c := d.user(name)
	d.changeUser(c.id, func(u *social.User) { u.Role = role })
	return d.token(c.id, adminScopes...)
}

func (d *desk) changeUser(id social.ID, f func(*social.User)) {
	d.Helper()
	d.write(func(tx social.Tx) error {
		u, err := tx.User(d.Context(), id)
		if err != nil {
			return err
		}
		next := *u
		f(&next)
		return tx.PutUser(d.Context(), &next)
	})
	d.api.Grants.Drop(social.Event{Type: social.ActorChanged, Actor: id})
}

// far makes an Actor of elsewhere.
func (d *desk) far(name, domain string) *social.Actor {
	d.Helper()
	base := "https://" + domain + "/users/" + name
	a := &social.Actor{
		ID: social.ID(d.home.IDs.Next()), Name: name, Domain: domain, Kind: social.Person, URI: base, URL: "https://" + domain + "/@" + name, Inbox: base + "/inbox",
		SharedInbox: "https://" + domain + "/inbox", CreatedAt: clock.Millis(testNow), UpdatedAt: clock.Millis(testNow), FetchedAt: clock.Millis(testNow),
	}
	d.write(func(tx social.Tx) error { return tx.PutActor(d.Context(), a) })
	return a
}

// enforce carries out what waits in the queue of what moderators decided.
func (d *desk) enforce() {
	d.Helper()
	for {
		var jobs []social.Job
		d.write(func(tx social.Tx) error {
			var err error
			now := clock.Millis(d.clock.Now())
			jobs, err = tx.Claim(d.Context(), social.JobEnforce, 9, now, now+60_000, nil, 100)
			return err
		})
		if len(jobs) == 0 {
			return
		}
		for i := range jobs {
			if err := d.home.Enforce(d.Context(), &jobs[i]); err != nil {
				d.Fatal(err)
			}
		}
		d.write(func(tx social.Tx) error { _, err := tx.Finish(d.Context(), jobs); return err })
	}
}

// list gives an answer as a list.
func (a *answer) list() []object {
	a.Helper()
	var all []object
	if a.code != http.StatusOK {
		a.Fatalf("%s: %d %s", a.what, a.code, a.body)
	}
	if err := json.Unmarshal(a.body, &all); err != nil || all == nil {
		a.Fatalf("%s: %s is no list: %v", a.what, a.body, err)
	}
	return all
}

// texts are one key of a list.
func texts(all []object, key string) (out []string) {
	for _, o := range all {
		out = append(out, o.text(key))
	}
	return out
}

func (c *client) get(path string) *answer { c.Helper(); return c.ask("GET", path, "", "") }

// shapes are the entities of Mastodon's documentation: their keys, each with its
// type; "?" for what may be null, "!" for what may be missing.
var shapes = map[string]string{
	"Account": "id:s username:s domain:s? created_at:t email:s ip:s? role:o? confirmed:b suspended:b silenced:b sensitized:b disabled:b approved:b locale:s? " +
		"invite_request:s? ips:a account:o created_by_application_id:s! invited_by_account_id:s!",
	"Role": "id:n name:s color:s position:n permissions:n highlighted:b created_at:t updated_at:t",
	"Ip":   "ip:s used_at:t",
	"Report": "id:s action_taken:b action_taken_at:t? category:s comment:s forwarded:b created_at:t updated_at:t account:o target_account:o assigned_account:o? " +
		"action_taken_by_account:o? statuses:a rules:a",
	"DomainBlock": "id:s domain:s created_at:t severity:s reject_media:b reject_reports:b private_comment:s? public_comment:s? obfuscate:b",
	"DomainAllow": "id:s domain:s created_at:t", "EmailDomainBlock": "id:s domain:s created_at:t history:a",
	"IpBlock": "id:s ip:s severity:s comment:s created_at:t expires_at:t?", "CanonicalEmailBlock": "id:s canonical_email_hash:s",
	"Measure": "key:s unit:s? total:s human_value:s! previous_total:s! data:a", "Datum": "date:t value:s",
	"Dimension": "key:s data:a", "DimensionDatum": "key:s human_key:s value:s unit:s! human_value:s!",
	"Cohort": "period:t frequency:s data:a", "CohortDatum": "date:t rate:n value:s",
	"Tag":       "id:s name:s url:s history:a following:b! featuring:b! trendable:b usable:b listable:b requires_review:b",
	"Publisher": "id:s domain:s trendable:b reviewed_at:t? requested_review_at:t? requires_review:b",
}

// shaped holds an entity against its documentation.
func (d *desk) shaped(what string, o map[string]any) {
	d.Helper()
	known := map[string]bool{}
	for _, field := range strings.Fields(shapes[what]) {
		key, typ, _ := strings.Cut(field, ":")
		known[key] = true
		v, there := o[key]
		switch {
		case !there && strings.HasSuffix(typ, "!"):
			continue
		case !there || v == nil && !strings.HasSuffix(typ, "?"):
			d.Errorf("%s: %s is missing or null: %v", what, key, o)
			continue
		case v == nil:
			continue
		}
		good := false
		switch x := v.(type) {
		case string:
			good = typ[0] == 's'
			if typ[0] == 't' {
				_, err := time.Parse(time.RFC3339Nano, x)
				good = err == nil
			}
		case bool:
			good = typ[0] == 'b'
		case float64:
			good = typ[0] == 'n'
		case []any:
			good = typ[0] == 'a'
		case map[string]any:
			good = typ[0] == 'o'
		}
		if !good {
			d.Errorf("%s: %s is %v, not %s", what, key, v, typ)
		}
	}
	for key := range o {
		if !known[key] {
			d.Errorf("%s: the key %q is not documented", what, key)
		}
	}
}

// TestAdminRefusals: each operation refuses the stranger, the app, the member and
// the token without its scope, and answers the moderator as its permissions say.
func TestAdminRefusals(t *testing.T) {
	d := newDesk(t)
	admin, mod, ann := d.staffer("chief", social.Admin), d.staffer("mod", social.Moderator), d.user("ann")
	member := d.token(ann.id, adminScopes...)
	reader, accounts := d.token(admin.id, "admin:read"), d.token(admin.id, "read", "write", "admin:read:accounts", "admin:write:accounts")
	app := d.token(0, adminScopes...)
	stranger := &client{desk: d}
	adminOnly := []string{"domain_allows", "domain_blocks", "email_domain_blocks", "ip_blocks", "canonical_email_blocks"}
	for _, op := range adminOperations {
		method, path, _ := strings.Cut(op, " ")
		path = strings.ReplaceAll(path, "{id}", "1")
		ask := func(c *client) *answer { return c.form(method, path, "") }
		for name, c := range map[string]*client{"a stranger": stranger, "an app": app, "a member": member} {
			if a := ask(c); a.code != http.StatusForbidden || !strings.Contains(string(a.body), "This action is not allowed") {
				t.Errorf("%s: %s reads %d %s", op, name, a.code, a.body)
			}
		}
		if a := ask(d.token(admin.id, "read", "write", "follow", "push")); a.code != http.StatusForbidden || !strings.Contains(string(a.body), "outside the authorized scopes") {
			t.Errorf("%s without a scope: %d %s", op, a.code, a.body)
		}
		reads := method == "GET" || strings.HasSuffix(path, "/test") || slices.Contains([]string{"/api/v1/admin/measures", "/api/v1/admin/dimensions", "/api/v1/admin/retention"}, path)
		if a := ask(reader); reads == strings.Contains(string(a.body), "outside the authorized scopes") {
			t.Errorf("%s with admin:read: %d %s", op, a.code, a.body)
		}
		if a := ask(accounts); strings.Contains(path, "/accounts") == strings.Contains(string(a.body), "outside the authorized scopes") {
			t.Errorf("%s with the scopes of accounts: %d %s", op, a.code, a.body)
		}
		chiefs := slices.ContainsFunc(adminOnly, func(s string) bool { return strings.Contains(path, "/"+s) }) || method == "DELETE" && strings.HasPrefix(path, "/api/v1/admin/accounts")
		if a := ask(mod); chiefs != (a.code == http.StatusForbidden) {
			t.Errorf("%s by a moderator: %d %s", op, a.code, a.body)
		}
		if a := ask(admin); a.code == http.StatusForbidden || a.code >= 500 {
			t.Errorf("%s by an admin: %d %s", op, a.code, a.body)
		}
		if strings.Contains(path, "/1") {
			bad := strings.Replace(path, "/1", "/x", 1)
			if strings.HasPrefix(path, "/api/v1/admin/trends/links/publishers") || !strings.HasPrefix(path, "/api/v1/") || strings.Count(path, "/1") != 1 {
				bad = path
			}
			if a := admin.form(method, bad, ""); a.code != http.StatusNotFound {
				t.Errorf("%s of nothing: %d %s", op, a.code, a.body)
			}
		}
	}
	if n := len(adminOperations); n != 59 {
		t.Errorf("%d operations", n)
	}
}

// adminOperations are Mastodon's, as its documentation and its routes have them.
var adminOperations = strings.Split(strings.TrimSpace(`
GET /api/v1/admin/accounts
GET /api/v2/admin/accounts
GET /api/v1/admin/accounts/{id}
DELETE /api/v1/admin/accounts/{id}
POST /api/v1/admin/accounts/{id}/approve
POST /api/v1/admin/accounts/{id}/reject
POST /api/v1/admin/accounts/{id}/enable
POST /api/v1/admin/accounts/{id}/unsilence
POST /api/v1/admin/accounts/{id}/unsuspend
POST /api/v1/admin/accounts/{id}/unsensitive
POST /api/v1/admin/accounts/{id}/action
GET /api/v1/admin/reports
GET /api/v1/admin/reports/{id}
PUT /api/v1/admin/reports/{id}
POST /api/v1/admin/reports/{id}/assign_to_self
POST /api/v1/admin/reports/{id}/unassign
POST /api/v1/admin/reports/{id}/resolve
POST /api/v1/admin/reports/{id}/reopen
GET /api/v1/admin/domain_allows
GET /api/v1/admin/domain_allows/{id}
POST /api/v1/admin/domain_allows
DELETE /api/v1/admin/domain_allows/{id}
GET /api/v1/admin/domain_blocks
GET /api/v1/admin/domain_blocks/{id}
POST /api/v1/admin/domain_blocks
PUT /api/v1/admin/domain_blocks/{id}
DELETE /api/v1/admin/domain_blocks/{id}
GET /api/v1/admin/email_domain_blocks
GET /api/v1/admin/email_domain_blocks/{id}
POST /api/v1/admin/email_domain_blocks
DELETE /api/v1/admin/email_domain_blocks/{id}
GET /api/v1/admin/ip_blocks
GET /api/v1/admin/ip_blocks/{id}
POST /api/v1/admin/ip_blocks
PUT /api/v1/admin/ip_blocks/{id}
DELETE /api/v1/admin/ip_blocks/{id}
GET /api/v1/admin/canonical_email_blocks
GET /api/v1/admin/canonical_email_blocks/{id}
POST /api/v1/admin/canonical_email_blocks
POST /api/v1/admin/canonical_email_blocks/test
DELETE /api/v1/admin/canonical_email_blocks/{id}
POST /api/v1/admin/measures
POST /api/v1/admin/dimensions
POST /api/v1/admin/retention
GET /api/v1/admin/trends/tags
POST /api/v1/admin/trends/tags/{id}/approve
POST /api/v1/admin/trends/tags/{id}/reject
GET /api/v1/admin/trends/statuses
POST /api/v1/admin/trends/statuses/{id}/approve
POST /api/v1/admin/trends/statuses/{id}/reject
GET /api/v1/admin/trends/links
POST /api/v1/admin/trends/links/{id}/approve
POST /api/v1/admin/trends/links/{id}/reject
GET /api/v1/admin/trends/links/publishers
POST /api/v1/admin/trends/links/publishers/{id}/approve
POST /api/v1/admin/trends/links/publishers/{id}/reject
GET /api/v1/admin/tags
GET /api/v1/admin/tags/{id}
PUT /api/v1/admin/tags/{id}`), "\n")

func TestAdminAccounts(t *testing.T) {
	d := newDesk(t)
	admin, mod, ann, bob := d.staffer("chief", social.Admin), d.staffer("mod", social.Moderator), d.user("ann"), d.user("bob")
	carol := d.far("carol", "far.example")
	d.changeUser(ann.id, func(u *social.User) { u.ApprovedAt, u.Reason, u.InvitedBy, u.SignUpApp = 0, "tea", mod.id, 7 })
	d.write(func(tx social.Tx) error {
		return tx.PutSession(t.Context(), &social.Session{Hash: []byte("h"), User: bob.id, Address: "192.0.2.7", CreatedAt: 1, SeenAt: clock.Millis(testNow), ExpiresAt: 1 << 50})
	})
	for path, want := range map[string]string{
		"v1/admin/accounts":                                     "bob ann mod chief",
		"v1/admin/accounts?remote=true":                         "carol",
		"v1/admin/accounts?pending=1":                           "ann",
		"v1/admin/accounts?staff=true":                          "mod chief",
		"v1/admin/accounts?silenced=1":                          "",
		"v1/admin/accounts?username=an":                         "ann",
		"v1/admin/accounts?email=bob@":                          "bob",
		"v1/admin/accounts?ip=192.0.2.7":                        "bob",
		"v1/admin/accounts?ip=nonsense":                         "",
		"v2/admin/accounts":                                     "carol bob ann mod chief",
		"v2/admin/accounts?origin=remote&by_domain=far.example": "carol",
		"v2/admin/accounts?status=pending":                      "ann",
		"v2/admin/accounts?permissions=staff":                   "mod chief",
		"v2/admin/accounts?role_ids[]=1":                        "mod",
		"v2/admin/accounts?role_ids[]=55":                       "",
		"v2/admin/accounts?invited_by=" + mod.id.String():       "ann",
	} {
		if got := strings.Join(texts(mod.get("/api/"+path).list(), "username"), " "); got != want {
			t.Errorf("%s: %s; want %s", path, got, want)
		}
	}
	mod.get("/api/v2/admin/accounts?origin=moon").fails(400, "Unknown origin: moon")
	mod.get("/api/v2/admin/accounts?status=odd").fails(400, "Unknown status: odd")
	a := mod.get("/api/v1/admin/accounts?limit=2")
	if got := texts(a.list(), "username"); !slices.Equal(got, []string{"bob", "ann"}) || !strings.Contains(a.head.Get("Link"), "max_id="+ann.id.String()) {
		t.Errorf("%v %v", got, a.head)
	}
	if got := texts(mod.get("/api/v1/admin/accounts?limit=2&max_id="+ann.id.String()).list(), "username"); !slices.Equal(got, []string{"mod", "chief"}) {
		t.Errorf("the next page: %v", got)
	}
	for _, id := range []social.ID{admin.id, ann.id, bob.id, carol.ID} {
		o := mod.get("/api/v1/admin/accounts/" + id.String()).ok()
		d.shaped("Account", o)
		if r, ok := o["role"].(map[string]any); ok {
			d.shaped("Role", r)
		}
		d.has(o, "account.id", id, "id", id)
	}
	o := mod.get("/api/v1/admin/accounts/" + bob.id.String()).ok()
	d.has(o, "ip", "192.0.2.7", "ips.0.ip", "192.0.2.7", "email", "bob@mail.example", "role.id", -99, "role.permissions", 65536, "approved", true, "domain", nil)
	d.has(mod.get("/api/v1/admin/accounts/"+admin.id.String()).ok(), "role.name", "Admin", "role.position", 100)
	d.has(mod.get("/api/v1/admin/accounts/"+carol.ID.String()).ok(), "domain", "far.example", "role", nil)

	d.has(mod.form("POST", "/api/v1/admin/accounts/"+ann.id.String()+"/approve", "").ok(), "approved", true, "invite_request", "tea", "created_by_application_id", "7")
	mod.form("POST", "/api/v1/admin/accounts/"+ann.id.String()+"/approve", "").fails(403, "This action is not allowed")
	mod.form("POST", "/api/v1/admin/accounts/"+ann.id.String()+"/reject", "").fails(403, "This action is not allowed")
	mod.form("POST", "/api/v1/admin/accounts/"+carol.ID.String()+"/approve", "").fails(403, "This action is not allowed")
	d.changeUser(ann.id, func(u *social.User) { u.ApprovedAt = 0 })
	d.has(mod.form("POST", "/api/v1/admin/accounts/"+ann.id.String()+"/reject", "").ok(), "username", "ann", "approved", false)
	mod.get("/api/v1/admin/accounts/"+ann.id.String()).fails(404, "Record not found")
}

func TestAdminActions(t *testing.T) {
	d := newDesk(t)
	admin, mod, ann, bob := d.staffer("chief", social.Admin), d.staffer("mod", social.Moderator), d.user("ann"), d.user("bob")
	server := &social.Actor{ID: 1, Home: d.home.Info.ID, Domain: "home.example", Name: "home.example", Kind: social.Server, CreatedAt: 1}
	social.ActorURIs(&d.home.Info, server)
	d.write(func(tx social.Tx) error { return tx.PutActor(t.Context(), server) })
	post := bob.say("hello")
	rep := ann.form("POST", "/api/v1/reports", url.Values{"account_id": {bob.id.String()}, "status_ids[]": {post}, "comment": {"spam"}}.Encode()).ok().text("id")
	at := "/api/v1/admin/accounts/" + bob.id.String()
	act := func(c *client, values ...string) *answer {
		form := url.Values{}
		for i := 0; i+1 < len(values); i += 2 {
			form.Set(values[i], values[i+1])
		}
		return c.form("POST", at+"/action", form.Encode())
	}
	act(mod).fails(422, "Record invalid")
	act(mod, "type", "tickle").fails(422, "Record invalid")
	act(mod, "type", "none", "report_id", "1").fails(404, "Record not found")
	act(mod, "type", "none", "report_id", "x").fails(404, "Record not found")
	act(mod, "type", "none", "text", strings.Repeat("x", 5001)).fails(422, "Text is too long")
	mod.form("POST", "/api/v1/admin/accounts/"+admin.id.String()+"/action", "type=suspend").fails(403, "This action is not allowed")
	for action, c := range map[string]struct{ flag, undo string }{
		"sensitive": {"sensitized", "unsensitive"}, "silence": {"silenced", "unsilence"}, "disable": {"disabled", "enable"}, "suspend": {"suspended", "unsuspend"},
	} {
		bob = d.token(bob.id, "read", "write")
		told := d.told(social.TokenRevoked)
		if got := string(act(mod, "type", action, "text", "because").body); got != "{}" {
			t.Errorf("%s answers %s", action, got)
		}
		d.has(mod.get(at).ok(), c.flag, true)
		locked := action == "disable" || action == "suspend"
		if a := bob.get("/api/v1/accounts/verify_credentials"); locked != (a.code == 401) || locked != (d.told(social.TokenRevoked) > told) {
			t.Errorf("%s: the token answers %d %s, %d kills", action, a.code, a.body, d.told(social.TokenRevoked)-told)
		}
		if a := ann.get("/api/v1/statuses/" + post); (action == "suspend") != (a.code == 404) {
			t.Errorf("%s: the post answers %d", action, a.code)
		}
		d.has(mod.form("POST", at+"/"+c.undo, "").ok(), c.flag, false)
		if action == "suspend" {
			mod.form("POST", at+"/"+c.undo, "").fails(403, "This action is not allowed")
		} else {
			d.has(mod.form("POST", at+"/"+c.undo, "").ok(), c.flag, false)
		}
		ann.get("/api/v1/statuses/" + post).ok()
	}
	d.has(mod.get("/api/v1/admin/reports/"+rep).ok(), "action_taken", true, "action_taken_by_account.username", "mod")
	bob = d.token(bob.id, "read", "write")
	notes := bob.get("/api/v1/notifications?types[]=moderation_warning").list()
	if len(notes) != 4 {
		t.Fatalf("%d warnings", len(notes))
	}
	d.has(notes[0], "moderation_warning.text", "because", "moderation_warning.target_account.username", "bob", "moderation_warning.appeal", nil)

	admin.ask("DELETE", at, "", "").fails(403, "This action is not allowed")
	act(mod, "type", "suspend", "send_email_notification", "false")
	mod.ask("DELETE", at, "", "").fails(403, "This action is not allowed")
	d.has(admin.ask("DELETE", at, "", "").ok(), "username", "bob", "suspended", true)
	admin.ask("DELETE", at, "", "").fails(403, "This action is not allowed")
	admin.form("POST", at+"/unsuspend", "").fails(403, "This action is not allowed")
	log, err := d.home.Store.Audit(t.Context(), social.Page{Limit: 50})
	if err != nil || len(log) < 10 || log[0].Action != "destroy" || log[0].By != admin.id {
		t.Errorf("the log: %+v %v", log, err)
	}
}

func TestAdminReports(t *testing.T) {
	d := newDesk(t)
	d.home.Info.Rules = []string{"Be kind", "No spam"}
	mod, ann, bob := d.staffer("mod", social.Moderator), d.user("ann"), d.user("bob")
	secret := bob.say("only for ann @ann", "visibility", "direct")
	file := func(form url.Values) string {
		form.Set("account_id", bob.id.String())
		return ann.form("POST", "/api/v1/reports", form.Encode()).ok().text("id")
	}
	first := file(url.Values{"status_ids[]": {secret}, "comment": {"unkind"}, "category": {"violation"}, "rule_ids[]": {"1"}})
	second := file(url.Values{"category": {"spam"}})
	notes := mod.get("/api/v1/notifications?types[]=admin.report").list()
	if len(notes) != 2 {
		t.Fatalf("%d notifications", len(notes))
	}
	d.has(notes[0], "report.id", second, "report.target_account.username", "bob", "account.username", "ann")
	a := mod.get("/api/v1/admin/reports?limit=1")
	if got := texts(a.list(), "id"); !slices.Equal(got, []string{second}) || !strings.Contains(a.head.Get("Link"), "max_id="+second) {
		t.Errorf("%v %v", got, a.head)
	}
	at := "/api/v1/admin/reports/" + first
	o := mod.get(at).ok()
	d.shaped("Report", o)
	d.has(o, "account.username", "ann", "target_account.username", "bob", "statuses.0.id", secret, "rules.0.text", "Be kind", "category", "violation",
		"assigned_account", nil, "comment", "unkind", "action_taken", false)
	d.has(mod.form("POST", at+"/assign_to_self", "").ok(), "assigned_account.username", "mod")
	d.has(mod.form("POST", at+"/unassign", "").ok(), "assigned_account", nil)
	d.clock.Advance(time.Minute)
	o = mod.form("POST", at+"/resolve", "").ok()
	d.has(o, "action_taken", true, "action_taken_at", "2026-05-17T12:01:00.000Z", "updated_at", "2026-05-17T12:01:00.000Z", "action_taken_by_account.username", "mod")
	d.shaped("Report", o)
	if got := texts(mod.get("/api/v1/admin/reports?resolved=true").list(), "id"); !slices.Equal(got, []string{first}) {
		t.Errorf("resolved: %v", got)
	}
	if got := texts(mod.get("/api/v1/admin/reports?account_id="+ann.id.String()+"&target_account_id="+bob.id.String()).list(), "id"); !slices.Equal(got, []string{second}) {
		t.Errorf("of ann: %v", got)
	}
	if got := mod.get("/api/v1/admin/reports?target_account_id=" + ann.id.String()).list(); len(got) != 0 {
		t.Errorf("about ann: %v", got)
	}
	d.has(mod.form("POST", at+"/reopen", "").ok(), "action_taken", false, "action_taken_at", nil)
	d.has(mod.json("PUT", at, `{"category":"violation","rule_ids":["2"]}`).ok(), "rules.0.id", "2", "rules.1", nil)
	d.has(mod.json("PUT", at, `{"category":"spam"}`).ok(), "category", "spam", "rules.0", nil)
	mod.json("PUT", at, `{"category":"odd"}`).fails(422, "Category")
	mod.json("PUT", at, `{"rule_ids":["9"]}`).fails(422, "Rules does not reference valid rules")
	mod.get("/api/v1/admin/reports?account_id=x").fails(422, "account_id")
	mod.get("/api/v1/admin/reports?limit=-1").fails(400, "limit")
}
