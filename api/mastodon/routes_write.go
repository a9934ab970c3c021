package mastodon

// writeRoutes are the operations that change something.
var writeRoutes = []route{}
