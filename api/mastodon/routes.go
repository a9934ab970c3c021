package mastodon

// routes is the table of operations. A new one is a function in its resource's
// file and a line here.
var routes = []route{}
