package mastodon

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
)

// What writes itself says the same as encoding/json would from its fields.
func TestEntitiesOfPages(t *testing.T) {
	type (
		context Context
		search  Search
		grouped GroupedNotifications
	)
	page, people := statusList{{ID: 1, Account: &Account{ID: 2}}, {ID: 3, Account: &Account{ID: 2}}}, accountList{{ID: 2}}
	for _, v := range []struct {
		own   appender
		plain any
	}{
		{Context{}, context{}},
		{Context{Ancestors: page[:1], Descendants: page}, context{Ancestors: page[:1], Descendants: page}},
		{Search{Hashtags: []Tag{}}, search{Hashtags: []Tag{}}},
		{Search{Accounts: people, Statuses: page, Hashtags: []Tag{{Name: "縁側"}}}, search{Accounts: people, Statuses: page, Hashtags: []Tag{{Name: "縁側"}}}},
		{&GroupedNotifications{Groups: []NotificationGroup{}}, grouped{Groups: []NotificationGroup{}}},
		{&GroupedNotifications{Accounts: people, Partial: &[]PartialAccount{{ID: "2"}}, Statuses: page, Groups: []NotificationGroup{{GroupKey: "a", Count: 2}}},
			grouped{Accounts: people, Partial: &[]PartialAccount{{ID: "2"}}, Statuses: page, Groups: []NotificationGroup{{GroupKey: "a", Count: 2}}}},
	} {
		text, err := json.Marshal(v.plain)
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		if err := errors.Join(json.Unmarshal(encode(v.own), &got), json.Unmarshal(text, &want)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%T writes %s, not %s", v.own, encode(v.own), text)
		}
	}
}
