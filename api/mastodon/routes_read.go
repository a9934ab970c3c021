package mastodon

// readRoutes are the operations that read, and the small writes of what is read
// (notifications, conversations, tags followed).
var readRoutes = []route{}
