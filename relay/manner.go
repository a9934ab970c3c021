package relay

// Manner is how a Post is made into a Copy: the as.* options of a Rule.
type Manner struct {
	StripTrigger   bool   // remove the tags that decided
	Long           string // thread, cut_link, link_only, skip
	Number         string // none, "1/3"
	LinkBack       string // never, when_cut, always
	CW             string // auto (native, else link_only), native, prefix, link_only, skip
	SensitiveMedia string // label, link, skip
	Mention        string // auto (resolve, else name_only), resolve, name_only, link, skip_post
	Media          string // of what is over the limit: thread, link
	Poll           string // auto (native, else text and link), native, text, link, skip
	Quote          string // auto (native if the copy is known, else link), native, link, skip
	Boost          string // auto (native if the copy is known, else skip), native, link, skip
	Template       string // of {text}, {link}, {cw}; "" is {text}
	Audience       string // who may answer: everyone, followers, mentioned
}

// DefaultManner is the Manner of a rule that says nothing about it.
func DefaultManner() Manner {
	return Manner{
		StripTrigger: true, Long: "thread", Number: "none", LinkBack: "when_cut", CW: "auto", SensitiveMedia: "label",
		Mention: "auto", Media: "thread", Poll: "auto", Quote: "auto", Boost: "auto", Audience: "everyone",
	}
}
