package relay

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"engawa/internal/markup"
)

// bareTag takes the # off.
func bareTag(s string) (string, *flaw) {
	s = strings.TrimSpace(s)
	for _, sign := range []string{"#", "＃"} {
		s = strings.TrimPrefix(s, sign)
	}
	if s == "" {
		return "", wrong("relay.flaw.empty")
	}
	return s, nil
}

// possibleTag reports whether a post can bear the tag.
func possibleTag(s string) bool {
	spans := markup.Scan("#" + s)
	return len(spans) == 1 && spans[0].Kind == markup.SpanTag && spans[0].Start == 0 && spans[0].End == len(s)+1
}

// checkLanguage wants the shape of BCP 47: "ja", "pt-BR".
func checkLanguage(s string) (string, *flaw) {
	for i, part := range strings.Split(s, "-") {
		if len(part) < 1 || len(part) > 8 || i == 0 && (len(part) < 2 || len(part) > 3) || strings.ContainsFunc(part, notAlnum) {
			return "", wrong("relay.flaw.language", "got", quote(s))
		}
	}
	return strings.ToLower(s), nil
}

func notAlnum(c rune) bool {
	return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9')
}

// checkPattern wants words, or a regular expression between slashes.
func checkPattern(s string) (string, *flaw) {
	if _, bad := pattern(s); bad != nil {
		return "", bad
	}
	return s, nil
}

// pattern is the regular expression of /…/ or /…/i; nil for words.
func pattern(s string) (*regexp.Regexp, *flaw) {
	if len(s) < 2 || s[0] != '/' {
		return nil, nil
	}
	expr, ok := strings.CutSuffix(s[1:], "/")
	if !ok {
		if expr, ok = strings.CutSuffix(s[1:], "/i"); !ok {
			return nil, nil // a path, not an expression
		}
		expr = "(?i)" + expr
	}
	if expr == "" || expr == "(?i)" {
		return nil, wrong("relay.flaw.empty")
	}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, badPattern(s, err)
	}
	steps, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, badPattern(s, err)
	}
	if len(steps.Inst) > maxPatternSize {
		return nil, wrong("relay.flaw.regexp_size", "got", quote(s))
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, badPattern(s, err)
	}
	return re, nil
}

func badPattern(s string, err error) *flaw {
	return wrong("relay.flaw.regexp", "got", quote(s), "why", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
}
