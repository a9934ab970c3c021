package social

import (
	"context"
	"strings"
)

// ruling are the Decisions that a severity means, by their kind.
var ruling = map[Severity]string{SeverityNoop: "", SeveritySilence: DecideLimit, SeveritySuspend: DecideSuspend}

// maxRuleComment bounds each comment of a DomainRule, in characters.
const maxRuleComment = 1500

// SetDomainRule makes a rule (ID zero) or changes it; its Actors are limited,
// suspended or set free in the background (JobEnforce).
func (h *Home) SetDomainRule(ctx context.Context, by *User, rule DomainRule) (*DomainRule, error) {
	const op = "set domain rule"
	kind, ok := ruling[rule.Severity]
	switch {
	case !by.Role.May(ManageFederation):
		return nil, notAllowed(op)
	case rule.Domain == "":
		return nil, invalid(op, "domain", "Validation failed: Domain can't be blank")
	case !ok:
		return nil, invalid(op, "severity", "Validation failed: Severity is not one of noop, silence, suspend")
	case len([]rune(rule.PrivateComment)) > maxRuleComment, len([]rune(rule.PublicComment)) > maxRuleComment:
		return nil, invalid(op, "comment", "Validation failed: Comment is too long (maximum is 1500 characters)")
	case rule.Domain == h.Info.Domain:
		return nil, invalid(op, "domain", "Validation failed: Domain is this home's own")
	}
	var r DomainRule
	return &r, h.staffTurn(ctx, by, func(t *turn) error {
		r = rule
		action, former := "update", ID(0)
		if r.ID == 0 {
			action, r.ID, r.CreatedAt = "create", t.h.newID(), t.now
		} else {
			old, err := t.DomainRule(ctx, r.ID)
			if err != nil {
				return err
			}
			r.Domain, r.CreatedAt, r.Decision = old.Domain, old.CreatedAt, old.Decision
			if old.Severity != r.Severity {
				former, r.Decision = old.Decision, 0
			}
		}
		r.UpdatedAt = t.now
		if err := t.endRule(ctx, r.Domain, former); err != nil {
			return err
		}
		if err := t.beginRule(ctx, &r, kind); err != nil {
			return err
		}
		if err := t.PutDomainRule(ctx, &r); err != nil {
			return err
		}
		return t.log(ctx, action, "domain_rule", r.ID, r.Domain, string(r.Severity))
	})
}

// beginRule makes the Decision of a rule that has none yet.
func (t *turn) beginRule(ctx context.Context, r *DomainRule, kind string) error {
	if kind == "" || r.Decision != 0 {
		return nil
	}
	r.Decision = t.h.newID()
	t.jobs = append(t.jobs, Job{Kind: JobEnforce, Ref: r.ID, Target: enforceDomain, Key: "domain:" + r.Domain})
	t.emit(Event{Type: ActorChanged, Actor: t.actor.ID}) // what is known of refused domains is read again
	return t.PutDecision(ctx, &Decision{
		ID: r.Decision, Kind: kind, TargetKind: "domain", Domain: r.Domain, By: t.actor.ID, Reason: r.PrivateComment, CreatedAt: t.now,
	})
}

// endRule undoes the Decision of a rule; its Actors follow in the background.
func (t *turn) endRule(ctx context.Context, domain string, decision ID) error {
	if decision == 0 {
		return nil
	}
	d, err := t.Decision(ctx, decision)
	if err != nil {
		return missingOK(err)
	}
	next := *d
	next.UndoneAt, next.UndoneBy = t.now, t.actor.ID
	t.jobs = append(t.jobs, Job{Kind: JobEnforce, Ref: decision, Target: enforceLifted + domain, Key: "domain:" + domain})
	t.emit(Event{Type: ActorChanged, Actor: t.actor.ID})
	return t.PutDecision(ctx, &next)
}

// DropDomainRule ends a rule; whom it limited or suspended is free again.
func (h *Home) DropDomainRule(ctx context.Context, by *User, id ID) error {
	if !by.Role.May(ManageFederation) {
		return notAllowed("drop domain rule")
	}
	return h.staffTurn(ctx, by, func(t *turn) error {
		r, err := t.DomainRule(ctx, id)
		if err != nil {
			return err
		}
		if err := t.endRule(ctx, r.Domain, r.Decision); err != nil {
			return err
		}
		if err := t.DropDomainRule(ctx, id); err != nil {
			return err
		}
		return t.log(ctx, "destroy", "domain_rule", id, r.Domain, string(r.Severity))
	})
}

// enforceRule puts a rule's Decision on the Actors of its domain that have none.
func (h *Home) enforceRule(ctx context.Context, id ID) error {
	r, err := h.Store.DomainRule(ctx, id)
	if err != nil || r.Decision == 0 {
		return missingOK(err)
	}
	return h.markDomain(ctx, r.Domain, ruling[r.Severity], 0, r.Decision)
}

// enforceLifted takes an undone Decision from the Actors of its domain.
func (h *Home) enforceLifted(ctx context.Context, decision ID, domain string) error {
	d, err := h.Store.Decision(ctx, decision)
	if err != nil || d.UndoneAt == 0 {
		return missingOK(err)
	}
	return h.markDomain(ctx, domain, d.Kind, decision, 0)
}

// markDomain changes the mark of a kind, batch by batch, on the Actors of a
// domain and of those below it.
func (h *Home) markDomain(ctx context.Context, domain, kind string, from, to ID) error {
	domains, err := h.Store.DomainsUnder(ctx, domain)
	if err != nil {
		return err
	}
	for _, domain := range domains {
		for after := ID(-1 << 63); ; {
			ids, err := h.Store.ActorsOf(ctx, domain, after, enforceBatch)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				break
			}
			after = ids[len(ids)-1]
			err = h.staffTurn(ctx, nil, func(t *turn) error {
				changed, err := t.MarkActors(ctx, ids, kind, from, to)
				for _, id := range changed {
					t.emit(Event{Type: ActorChanged, Actor: id})
				}
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// ruleFor is the rule of an Actor's domain, nil for none.
func (t *turn) ruleFor(ctx context.Context, domain string) (*DomainRule, error) {
	r, err := t.DomainRuleFor(ctx, domain)
	if isMissing(err) {
		return nil, nil
	}
	return r, err
}

// obeyProfile does to a profile of elsewhere what the rule of its domain says:
// who becomes known now is limited or suspended, and pictures may be refused.
func (t *turn) obeyProfile(ctx context.Context, a *Actor, fresh bool) error {
	r, err := t.ruleFor(ctx, a.Domain)
	if err != nil || r == nil {
		return err
	}
	if r.RejectMedia {
		a.Avatar, a.Header, a.Emojis = Picture{}, Picture{}, nil
	}
	if !fresh {
		return nil
	}
	switch r.Severity {
	case SeveritySilence:
		a.Limited = r.Decision
	case SeveritySuspend:
		a.Suspended = r.Decision
	}
	return nil
}

// obeyMedia takes the media out of a Post of elsewhere whose domain's are refused.
func (t *turn) obeyMedia(ctx context.Context, d *Draft) error {
	if t.actor.Local() || (len(d.Media) == 0 && len(d.Post.Emojis) == 0) {
		return nil
	}
	r, err := t.ruleFor(ctx, t.actor.Domain)
	if err == nil && r != nil && r.RejectMedia {
		d.Media, d.Post.Emojis, d.Post.MediaCount = nil, nil, 0
	}
	return err
}

// refusesReports reports whether what an Actor of elsewhere reports is not heard.
func (t *turn) refusesReports(ctx context.Context) (bool, error) {
	if t.actor.Local() {
		return false, nil
	}
	r, err := t.ruleFor(ctx, t.actor.Domain)
	return err == nil && r != nil && r.RejectReports, err
}

// Told is the domain as everybody may read it: in part, where that is wished.
func (r *DomainRule) Told() string {
	if !r.Obfuscate {
		return r.Domain
	}
	text := []rune(r.Domain)
	visible := max(len(text)/4, 1)
	for i := range text {
		if i >= visible && i < len(text)-visible && text[i] != '.' {
			text[i] = '*'
		}
	}
	return strings.TrimSpace(string(text))
}
