package mastodon_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"engawa/social"
)

func TestAdminDomains(t *testing.T) {
	d := newDesk(t)
	admin, ann := d.staffer("chief", social.Admin), d.user("ann")
	carol := d.far("carol", "bad.example")
	const at = "/api/v1/admin/domain_blocks"
	admin.form("POST", at, "").fails(422, "Validation failed: Domain can't be blank")
	admin.form("POST", at, "domain=sp+ace").fails(422, "Domain is not a valid domain name")
	admin.form("POST", at, "domain=x.example&severity=odd").fails(422, "Severity is not")
	admin.form("POST", at, "domain=home.example").fails(422, "own")
	admin.form("POST", at, "domain=x.example&private_comment="+strings.Repeat("x", 1501)).fails(422, "Comment is too long")
	o := admin.json("POST", at, `{"domain":"BAD.example","reject_media":true,"private_comment":"p","public_comment":"q","obfuscate":true}`).ok()
	d.shaped("DomainBlock", o)
	d.has(o, "domain", "bad.example", "severity", "silence", "reject_media", true, "reject_reports", false, "private_comment", "p", "obfuscate", true)
	d.has(admin.form("POST", at, "domain=a.bad.example").status(422), "existing_domain_block.id", o.text("id"), "existing_domain_block.domain", "bad.example")
	d.enforce()
	d.has(ann.get("/api/v1/accounts/"+carol.ID.String()).ok(), "limited", true)
	one := at + "/" + o.text("id")
	d.has(admin.get(one).ok(), "id", o.text("id"))
	d.has(admin.json("PUT", one, `{"severity":"suspend"}`).ok(), "severity", "suspend", "reject_media", true, "public_comment", "q")
	d.enforce()
	d.has(ann.get("/api/v1/accounts/"+carol.ID.String()).ok(), "suspended", true, "limited", nil)
	d.has(admin.json("PATCH", one, `{"severity":"noop","public_comment":""}`).ok(), "severity", "noop", "public_comment", nil)
	d.enforce()
	d.has(ann.get("/api/v1/accounts/"+carol.ID.String()).ok(), "suspended", nil, "limited", nil)
	admin.json("PUT", one, `{"severity":"odd"}`).fails(422, "Severity")
	d.pages(admin, at, func(i int) string {
		return admin.form("POST", at, fmt.Sprintf("domain=d%d.example", i)).ok().text("id")
	})
	d.has(admin.ask("DELETE", one, "", "").ok())
	admin.ask("DELETE", one, "", "").fails(404, "Record not found")

	const allow = "/api/v1/admin/domain_allows"
	admin.form("POST", allow, "domain=").fails(422, "Domain can't be blank")
	o = admin.form("POST", allow, "domain=good.example").ok()
	d.shaped("DomainAllow", o)
	d.has(admin.form("POST", allow, "domain=GOOD.example").ok(), "id", o.text("id"))
	d.has(admin.get(allow+"/"+o.text("id")).ok(), "domain", "good.example")
	admin.get(at+"/"+o.text("id")).fails(404, "Record not found")
	d.pages(admin, allow, func(i int) string {
		return admin.form("POST", allow, fmt.Sprintf("domain=d%d.example", i)).ok().text("id")
	})
	admin.ask("DELETE", allow+"/"+o.text("id"), "", "").ok()
	admin.get(allow+"/"+o.text("id")).fails(404, "Record not found")
}

// pages makes three entries and walks them, one a page.
func (d *desk) pages(c *client, at string, make func(i int) string) {
	d.Helper()
	var ids []string
	for i := range 3 {
		ids = append([]string{make(i)}, ids...)
	}
	a := c.get(at + "?limit=2")
	if got := texts(a.list(), "id"); !slices.Equal(got, ids[:2]) {
		d.Errorf("%s: %v; want %v", at, got, ids[:2])
	}
	if link := a.head.Get("Link"); !strings.Contains(link, "max_id="+ids[1]) || !strings.Contains(link, "min_id="+ids[0]) || !strings.Contains(link, "limit=2") {
		d.Errorf("%s: %s", at, link)
	}
	if got := texts(c.get(at+"?limit=1&max_id="+ids[1]).list(), "id"); !slices.Equal(got, ids[2:]) {
		d.Errorf("%s, next: %v", at, got)
	}
	if got := texts(c.get(at+"?limit=1&min_id="+ids[2]).list(), "id"); !slices.Equal(got, ids[1:2]) {
		d.Errorf("%s, previous: %v", at, got)
	}
	c.get(at+"?limit=-3").fails(400, "limit")
}

func TestAdminBars(t *testing.T) {
	d := newDesk(t)
	admin := d.staffer("chief", social.Admin)
	const domains, ips, emails = "/api/v1/admin/email_domain_blocks", "/api/v1/admin/ip_blocks", "/api/v1/admin/canonical_email_blocks"
	admin.form("POST", domains, "").fails(422, "Validation failed: Domain can't be blank")
	admin.form("POST", domains, "domain=a%20b").fails(422, "Validation failed: Domain is invalid, Domain is not a valid domain name")
	o := admin.form("POST", domains, "domain=mail.example").ok()
	d.shaped("EmailDomainBlock", o)
	d.has(o, "history.6.accounts", "0", "history.0.uses", "0", "history.7", nil)
	admin.form("POST", domains, "domain=mail.example").fails(422, "Domain has already been taken")
	d.has(admin.get(domains+"/"+o.text("id")).ok(), "domain", "mail.example")
	admin.ask("DELETE", domains+"/"+o.text("id"), "", "").ok()
	admin.ask("DELETE", domains+"/"+o.text("id"), "", "").fails(404, "Record not found")
	d.pages(admin, domains, func(i int) string {
		return admin.form("POST", domains, fmt.Sprintf("domain=d%d.example", i)).ok().text("id")
	})

	o = admin.form("POST", ips, "severity=no_access").ok()
	d.shaped("IpBlock", o)
	d.has(o, "ip", "0.0.0.0/32", "comment", "", "expires_at", nil)
	admin.form("POST", ips, "").fails(422, "Validation failed: Severity can't be blank, Ip has already been taken")
	admin.form("POST", ips, "severity=odd&ip=x").fails(422, "Severity is not one of sign_up_requires_approval, sign_up_block, no_access, Ip is invalid")
	o = admin.json("POST", ips, `{"ip":"192.0.2.9/24","severity":"sign_up_block","comment":"c","expires_in":60}`).ok()
	d.has(o, "ip", "192.0.2.0/24", "expires_at", "2026-05-17T12:01:00.000Z", "comment", "c")
	one := ips + "/" + o.text("id")
	d.has(admin.json("PUT", one, `{"severity":"sign_up_requires_approval"}`).ok(), "severity", "sign_up_requires_approval", "ip", "192.0.2.0/24", "expires_at", "2026-05-17T12:01:00.000Z")
	d.has(admin.json("PUT", one, `{"ip":"2001:DB8::1","expires_in":null}`).ok(), "ip", "2001:db8::1/128", "expires_at", nil)
	admin.json("PUT", one, `{"ip":"0.0.0.0"}`).fails(422, "Ip has already been taken")
	admin.json("PUT", one, `{"expires_in":-4}`).fails(422, "Expires in is invalid")
	d.has(admin.get(one).ok(), "ip", "2001:db8::1/128")
	admin.ask("DELETE", one, "", "").ok()
	admin.get(one).fails(404, "Record not found")
	d.pages(admin, ips, func(i int) string {
		return admin.form("POST", ips, fmt.Sprintf("ip=198.51.100.%d&severity=no_access", i)).ok().text("id")
	})

	admin.form("POST", emails, "").fails(422, "Canonical email hash can't be blank")
	admin.form("POST", emails, "canonical_email_hash=xyz").fails(422, "Canonical email hash is invalid")
	o = admin.form("POST", emails, "email=Some.One%2Btag@Example.com").ok()
	d.shaped("CanonicalEmailBlock", o)
	d.has(o, "canonical_email_hash", social.CanonicalEmail("someone@example.com"))
	admin.form("POST", emails, "canonical_email_hash="+o.text("canonical_email_hash")).fails(422, "Validation failed: Canonical email hash has already been taken")
	if got := texts(admin.form("POST", emails+"/test", "email=s.omeone@example.com").list(), "id"); !slices.Equal(got, []string{o.text("id")}) {
		t.Errorf("test: %v", got)
	}
	if got := admin.form("POST", emails+"/test", "email=other@example.com").list(); len(got) != 0 {
		t.Errorf("test of another: %v", got)
	}
	admin.form("POST", emails+"/test", "").fails(422, "Email can't be blank")
	d.has(admin.get(emails+"/"+o.text("id")).ok(), "id", o.text("id"))
	admin.ask("DELETE", emails+"/"+o.text("id"), "", "").ok()
	admin.get(emails+"/"+o.text("id")).fails(404, "Record not found")
	d.pages(admin, emails, func(i int) string {
		return admin.form("POST", emails, fmt.Sprintf("email=e%d@example.com", i)).ok().text("id")
	})
}
