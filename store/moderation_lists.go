package store

import (
	"context"
	"strings"

	"engawa/social"
)

const ruleColumns = "id, domain, severity, reject_media, reject_reports, obfuscate, private_comment, public_comment, decision, created_at, updated_at"

func scanRule(r row, d *social.DomainRule) error {
	return r.into(&d.ID, &d.Domain, (*string)(&d.Severity), &d.RejectMedia, &d.RejectReports, &d.Obfuscate, &d.PrivateComment, &d.PublicComment,
		&d.Decision, &d.CreatedAt, &d.UpdatedAt)
}

func (r *reader) DomainRule(ctx context.Context, id ID) (*social.DomainRule, error) {
	return one(ctx, r, scanRule, "select "+ruleColumns+" from domain_rules where id = $1", id)
}

func (r *reader) DomainRules(ctx context.Context, p social.Page) ([]social.DomainRule, error) {
	return paged(ctx, r, scanRule, newQuery("select "+ruleColumns+" from domain_rules where id <> ", 0), "id", p)
}

func (r *reader) DomainRuleFor(ctx context.Context, domain string) (*social.DomainRule, error) {
	return one(ctx, r, scanRule, "select "+ruleColumns+" from domain_rules where domain = any($1) order by length(domain) desc limit 1", above(domain))
}

// above are a domain and those above it, the port left out.
func above(domain string) []string {
	list := []string{domain}
	if i := strings.LastIndexByte(domain, ':'); i > 0 && !strings.HasSuffix(domain, "]") {
		domain = domain[:i]
		list = append(list, domain)
	}
	for {
		_, rest, ok := strings.Cut(domain, ".")
		if !ok {
			return list
		}
		domain = rest
		list = append(list, domain)
	}
}

// DomainsUnder walks from domain to domain by the index, one step each.
func (r *reader) DomainsUnder(ctx context.Context, domain string) ([]string, error) {
	all, err := many(ctx, r, scanText, `with recursive d (x) as (
			select min(domain) from actors union all
			select (select min(a.domain) from actors a where a.domain > d.x) from d where d.x is not null)
		select x from d where x is not null and (x = $1 or x like $2)`, domain, "%."+escapeLike.Replace(domain))
	return all, err
}

// escapeLike: a domain has no wildcard but "_", which matches more than it
// should only where somebody's host has one.
var escapeLike = strings.NewReplacer("%", "")

func (r *reader) ActorsOf(ctx context.Context, domain string, after ID, limit int) ([]ID, error) {
	return many(ctx, r, scanID, "select id from actors where domain = $1 and home = 0 and id > $2 order by id limit $3", domain, after, limit)
}

var putRule = "insert into domain_rules (" + ruleColumns + ") values " + params(11) + " on conflict (id) do update set " + excluded("("+ruleColumns+")")

func (t *tx) PutDomainRule(ctx context.Context, d *social.DomainRule) error {
	err := t.do(ctx, putRule, d.ID, d.Domain, d.Severity, d.RejectMedia, d.RejectReports, d.Obfuscate, d.PrivateComment, d.PublicComment,
		d.Decision, d.CreatedAt, d.UpdatedAt)
	if err != nil && t.dialect.taken(err) {
		return &social.Error{Kind: social.Conflict, Op: "put domain rule", Field: "domain", Message: "Validation failed: Domain has already been taken", Err: err}
	}
	return err
}

func (t *tx) DropDomainRule(ctx context.Context, id ID) error {
	return t.found(ctx, "delete from domain_rules where id = $1", id)
}

const barColumns = "id, kind, value, severity, comment, until, by_actor, created_at"

func scanBar(r row, b *social.Bar) error {
	return r.into(&b.ID, (*string)(&b.Kind), &b.Value, &b.Severity, &b.Comment, &b.Until, &b.By, &b.CreatedAt)
}

func (r *reader) Bar(ctx context.Context, kind social.BarKind, id ID) (*social.Bar, error) {
	return one(ctx, r, scanBar, "select "+barColumns+" from bars where id = $1 and kind = $2", id, kind)
}

// Bars leaves out those that have ended.
func (r *reader) Bars(ctx context.Context, kind social.BarKind, p social.Page) ([]social.Bar, error) {
	q := newQuery("select "+barColumns+" from bars where kind = ", kind).add(" and (until = 0 or until > ", r.clock.Now().UnixMilli()).add(")")
	return paged(ctx, r, scanBar, q, "id", p)
}

func (r *reader) BarsOf(ctx context.Context, kind social.BarKind, values []string) ([]social.Bar, error) {
	if len(values) == 0 {
		return nil, nil
	}
	return many(ctx, r, scanBar, "select "+barColumns+` from bars where kind = $1 and value = any($2)
		and (until = 0 or until > $3) order by length(value) desc, value desc`, kind, values, r.clock.Now().UnixMilli())
}

var putBar = "insert into bars (" + barColumns + ") values " + params(8) + " on conflict (id) do update set " + excluded("("+barColumns+")")

// barFields are what Mastodon calls the value of each kind.
var barFields = map[social.BarKind][2]string{
	social.AllowDomain: {"domain", "Domain"}, social.BarEmailDomain: {"domain", "Domain"},
	social.BarAddress: {"ip", "Ip"}, social.BarEmail: {"canonical_email_hash", "Canonical email hash"},
}

// PutBar takes the place of a Bar that has ended.
func (t *tx) PutBar(ctx context.Context, b *social.Bar) error {
	err := t.do(ctx, "delete from bars where kind = $1 and value = $2 and id <> $3 and until <> 0 and until <= $4", b.Kind, b.Value, b.ID, t.clock.Now().UnixMilli())
	if err != nil {
		return err
	}
	err = t.do(ctx, putBar, b.ID, b.Kind, b.Value, b.Severity, b.Comment, b.Until, b.By, b.CreatedAt)
	if err != nil && t.dialect.taken(err) {
		name := barFields[b.Kind]
		return &social.Error{Kind: social.Conflict, Op: "put bar", Field: name[0], Message: "Validation failed: " + name[1] + " has already been taken", Err: err}
	}
	return err
}

func (t *tx) DropBar(ctx context.Context, kind social.BarKind, id ID) error {
	if err := t.do(ctx, "delete from bar_days where bar = $1", id); err != nil {
		return err
	}
	return t.found(ctx, "delete from bars where id = $1 and kind = $2", id, kind)
}

func (t *tx) BarHeld(ctx context.Context, bar ID, address string, at social.Millis) error {
	return t.do(ctx, `insert into bar_days (bar, day, address, uses) values ($1, $2, $3, 1)
		on conflict (bar, day, address) do update set uses = bar_days.uses + 1`, bar, midnight(at), address)
}

func (r *reader) BarHistory(ctx context.Context, bars []ID, now social.Millis, days int) (map[ID][]social.DayCount, error) {
	days = min(max(days, 1), maxHistory)
	history := make(map[ID][]social.DayCount, len(bars))
	if len(bars) == 0 {
		return history, nil
	}
	return history, r.rows(ctx, `select bar, day, cast(sum(uses) as bigint), count(*) from bar_days where bar = any($1) and day >= $2
		group by bar, day order by day desc`, []any{bars, midnight(now) - int64(days-1)*dayMillis}, func(r row) error {
		var id ID
		var c social.DayCount
		err := r.into(&id, &c.Day, &c.Uses, &c.Accounts)
		history[id] = append(history[id], c)
		return err
	})
}
