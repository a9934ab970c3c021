package mastodon

// Operation is a line of the table of operations, for tests of all of them.
type Operation struct {
	Pattern, Scope string
	User, App      bool
}

// WriteOperations are the lines of writeRoutes.
func WriteOperations() []Operation {
	out := make([]Operation, len(writeRoutes))
	for i, r := range writeRoutes {
		out[i] = Operation{r.pattern, r.scope, r.access == withUser, r.access == withApp}
	}
	return out
}
