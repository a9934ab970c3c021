package mastodon

import (
	"net/http"
	"strings"

	"engawa/internal/hostname"
	"engawa/social"
)

func adminDomainBlock(r *social.DomainRule) *AdminDomainBlock {
	return &AdminDomainBlock{
		ID: r.ID.String(), Domain: r.Domain, CreatedAt: moment(r.CreatedAt), Severity: string(r.Severity), RejectMedia: r.RejectMedia,
		RejectReports: r.RejectReports, PrivateComment: textOr(r.PrivateComment), PublicComment: textOr(r.PublicComment), Obfuscate: r.Obfuscate,
	}
}

// domainParam reads a domain in its canonical form.
func domainParam(c *call) (string, error) {
	text := strings.TrimSpace(c.in.text("domain"))
	if text == "" {
		return "", badInput("domain", "Validation failed: Domain can't be blank")
	}
	host, err := hostname.Parse(text)
	if err != nil {
		return "", badInput("domain", "Validation failed: Domain is invalid, Domain is not a valid domain name")
	}
	return host, nil
}

func adminDomainBlocks(a *API, c *call) (any, error) {
	pg, err := c.adminPaged()
	if err != nil {
		return nil, err
	}
	list, err := a.Home.Store.DomainRules(c.ctx, pg)
	if err != nil {
		return nil, err
	}
	linkIDs(a, c, list, func(r *social.DomainRule) social.ID { return r.ID })
	out := make([]*AdminDomainBlock, 0, len(list))
	for i := range list {
		out = append(out, adminDomainBlock(&list[i]))
	}
	return out, nil
}

func (a *API) domainRuleOf(c *call) (*social.DomainRule, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return a.Home.Store.DomainRule(c.ctx, id)
}

func adminDomainBlockShow(a *API, c *call) (any, error) {
	r, err := a.domainRuleOf(c)
	if err != nil {
		return nil, err
	}
	return adminDomainBlock(r), nil
}

// readRule takes what a request says into r; what it does not say stays.
func readRule(in Params, r *social.DomainRule) {
	r.Severity = social.Severity(orElse(in.text("severity"), string(r.Severity)))
	r.RejectMedia, r.RejectReports = in.flag("reject_media", r.RejectMedia), in.flag("reject_reports", r.RejectReports)
	r.Obfuscate = in.flag("obfuscate", r.Obfuscate)
	if in.has("private_comment") {
		r.PrivateComment = strings.TrimSpace(in.text("private_comment"))
	}
	if in.has("public_comment") {
		r.PublicComment = strings.TrimSpace(in.text("public_comment"))
	}
}

func adminDomainBlockCreate(a *API, c *call) (any, error) {
	domain, err := domainParam(c)
	if err != nil {
		return nil, err
	}
	switch old, err := a.Home.Store.DomainRuleFor(c.ctx, domain); {
	case err == nil:
		return nil, &statusError{http.StatusUnprocessableEntity, map[string]any{
			"error": "You have already imposed stricter limits on " + old.Domain + ".", "existing_domain_block": adminDomainBlock(old),
		}}
	case !social.IsKind(err, social.NotFound):
		return nil, err
	}
	r := social.DomainRule{Domain: domain, Severity: social.SeveritySilence}
	readRule(c.in, &r)
	made, err := a.Home.SetDomainRule(c.ctx, c.by(), r)
	if err != nil {
		return nil, err
	}
	return adminDomainBlock(made), nil
}

func adminDomainBlockUpdate(a *API, c *call) (any, error) {
	r, err := a.domainRuleOf(c)
	if err != nil {
		return nil, err
	}
	next := *r
	readRule(c.in, &next)
	made, err := a.Home.SetDomainRule(c.ctx, c.by(), next)
	if err != nil {
		return nil, err
	}
	return adminDomainBlock(made), nil
}

func adminDomainBlockDelete(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return empty, a.Home.DropDomainRule(c.ctx, c.by(), id)
}
