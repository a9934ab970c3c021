package social

import "context"

// mediaReady refuses a Post with a film or sound that cannot be shown yet.
func (t *turn) mediaReady(ctx context.Context, post ID) error {
	all, err := t.MediaOf(ctx, post)
	if err != nil {
		return err
	}
	for i := range all {
		switch all[i].State {
		case MediaWaiting:
			return invalid("create post", "media_ids", "Cannot attach files that have not finished processing. Try again in a moment!")
		case MediaFailed:
			return invalid("create post", "media_ids", "Validation failed: Media could not be read. Remove it, or upload it in another format")
		}
	}
	return nil
}
