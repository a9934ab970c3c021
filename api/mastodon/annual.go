package mastodon

import (
	"strconv"

	"engawa/social"
)

// Annual reports (4.3) are off here: these answers are those of a server where
// none was made, for any year.

func annualReports(*API, *call) (any, error) {
	return map[string]any{"annual_reports": []any{}, "accounts": accountList{}, "statuses": statusList{}}, nil
}

// annualReport: there is none of any year.
func annualReport(*API, *call) (any, error) { return nil, social.ErrNotFound }

func annualReportState(_ *API, c *call) (any, error) {
	if _, err := strconv.Atoi(c.PathValue("year")); err != nil {
		return nil, social.ErrNotFound
	}
	return map[string]any{"state": "ineligible"}, nil
}

// annualReportMake makes nothing where nothing can be made, and says so as
// Mastodon does: with an empty answer.
func annualReportMake(_ *API, c *call) (any, error) {
	if _, err := strconv.Atoi(c.PathValue("year")); err != nil {
		return nil, social.ErrNotFound
	}
	return empty, nil
}
