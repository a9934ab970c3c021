// Package demo is what `engawa demo` shows: three homes, the people who live in
// them, what they said in the last days, what they go on saying, and their
// pictures, painted here. It is content alone; package main makes it happen.
package demo

import "time"

// House is one of the homes. Label comes before "localhost" in its domain;
// empty for the first, in which the visitor lives.
type House struct{ Label, Name, Summary string }

// Houses are the three homes; Person.House is an index into it.
var Houses = []House{
	{"", "縁側 Engawa", "A house with a veranda. 庭に面した、日当たりのよい家。"},
	{"sora", "空の家 Sora", "For people who look up. 空を見上げる人たちの家。"},
	{"mori", "森の家 Mori", "Between the trees. 森のなかの、静かな家。"},
}

// Person is somebody who lives in one of the Houses.
type Person struct {
	Name, Display, Bio, Language string
	House                        int
	Locked, Bot                  bool
	Fields                       [][2]string
	Avatar, Header               string // scenes
	Seed                         uint64
}

// Visitor is the name of the User whom the newcomer logs in as.
const Visitor = "you"

// Residents is everybody, the visitor first.
var Residents = []Person{
	{Name: Visitor, Display: "あなた · You :hidamari:", House: 0, Language: "en", Avatar: "bell", Header: "veranda", Seed: 11,
		Bio: "この家に来たばかりです。ゆっくりしていってください。\nNew in this house. Make yourself at home."},
	{Name: "haru", Display: "春", House: 0, Language: "ja", Avatar: "garden", Header: "garden", Seed: 21,
		Bio: "庭いじりと昼寝。猫の名前は #こはる です。", Fields: [][2]string{{"庭", "日陰がち"}, {"好きな花", "紫陽花"}}},
	{Name: "ben", Display: "Ben Okafor", House: 0, Language: "en", Avatar: "workshop", Header: "workshop", Seed: 31,
		Bio: "Joiner. Restoring a 1920s house one board at a time. I measure twice and write it down once.", Fields: [][2]string{{"Pronouns", "he/him"}, {"Wood", "ash, chestnut"}}},
	{Name: "mio", Display: "澪 / Mio", House: 0, Language: "ja", Avatar: "sea", Header: "sea", Seed: 41,
		Bio: "海辺の図書室で働いています。A librarian by the sea. 日本語 / English"},
	{Name: "yuki", Display: "ゆき :momiji:", House: 1, Language: "ja", Avatar: "mountain", Header: "snow", Seed: 51,
		Bio: "山の天気を書いています。#今日の山", Fields: [][2]string{{"標高", "1,240 m"}}},
	{Name: "nora", Display: "Nora Lindqvist", House: 1, Language: "en", Avatar: "night", Header: "night", Seed: 61,
		Bio: "Amateur astronomer with a small telescope and a large thermos. #stargazing"},
	{Name: "tomo", Display: "智 (tomo)", House: 1, Language: "ja", Avatar: "tea", Header: "tea", Seed: 71,
		Bio: "お茶の人。急須を三つ持っています。:yunomi:"},
	{Name: "arun", Display: "Arun", House: 1, Language: "en", Avatar: "train", Header: "train", Seed: 81,
		Bio: "Slow trains, long windows. I write letters from small stations.", Fields: [][2]string{{"Now", "somewhere on the Iiyama line"}}},
	{Name: "elin", Display: "Elin", House: 2, Language: "en", Avatar: "forest", Header: "forest", Seed: 91,
		Bio: "Forest ranger. Counts owls, loses count of mushrooms. #forest"},
	{Name: "saki", Display: "咲 🔒", House: 2, Language: "ja", Avatar: "bread", Header: "bread", Seed: 101, Locked: true,
		Bio: "パンを焼きます。フォローは承認制です。知り合いの方はひとことください。"},
	{Name: "ken", Display: "健 Ken", House: 2, Language: "ja", Avatar: "autumn", Header: "autumn", Seed: 111,
		Bio: "フィルムで写真を撮ります。Photographs on film, slowly."},
	{Name: "jun", Display: "Jun 純", House: 2, Language: "en", Avatar: "sand", Header: "sand", Seed: 121,
		Bio: "I rake a small stone garden every morning. They/them."},
	{Name: "suzume", Display: "すずめ便り", House: 2, Language: "ja", Avatar: "persimmon", Header: "persimmon", Seed: 131, Bot: true,
		Bio: "季節の移り変わりをお知らせする小さなボットです。A small bot that tells the season."},
}

// Follows is who follows whom, by name. The locked one accepts in the story.
var Follows = map[string][]string{
	Visitor:  {"haru", "ben", "mio", "yuki", "nora", "tomo", "arun", "elin", "ken", "jun", "suzume", "saki"},
	"haru":   {Visitor, "ben", "mio", "tomo", "yuki", "elin", "saki"},
	"ben":    {Visitor, "haru", "jun", "arun", "elin"},
	"mio":    {Visitor, "haru", "arun", "ken", "nora"},
	"yuki":   {Visitor, "nora", "tomo", "ken", "haru", "elin"},
	"nora":   {Visitor, "yuki", "elin", "arun", "mio"},
	"tomo":   {Visitor, "haru", "saki", "yuki", "jun"},
	"arun":   {Visitor, "mio", "nora", "ben", "ken"},
	"elin":   {Visitor, "nora", "ken", "jun", "saki", "haru", "ben"},
	"saki":   {Visitor, "tomo", "haru", "elin", "ken"},
	"ken":    {Visitor, "mio", "yuki", "elin", "arun", "saki"},
	"jun":    {Visitor, "ben", "tomo", "elin", "ken"},
	"suzume": {"elin", "ken"},
}

// Step is one thing that somebody does. Exactly one of Say, Boost, Like, React,
// Vote and Pin is meant: the first that is set, in this order. Say may name
// people as {name}; they are written as one names them from By's house.
type Step struct {
	Ago time.Duration // before the demo starts
	By  string
	Key string // what others call this post by

	Say      string
	Warning  string
	Audience string // of Mastodon's API; empty is public
	Language string // empty is By's
	ReplyTo  string // a Key; "last" and "visitor" mean the newest live post and the visitor's newest
	Quote    string
	Pictures []Picture
	Poll     []string
	Multiple bool

	Boost, Like, Pin string
	React, With      string // With is an emoji, or :shortcode:
	Vote             string
	Choices          []int
}

// Picture is one attachment.
type Picture struct {
	Scene string
	Seed  uint64
	Alt   string
}
