package store

var sqliteSearch = search{}
var postgresSearch = search{}
