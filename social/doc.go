// Package social is the domain: what an Actor may do, what a Post is, who may
// see it, and what changes when somebody acts.
//
// It knows no transport and no storage. Everything that changes the world
// passes Home.Do as one Activity, whether it was said by a User of this home
// or by a neighbour; everything that is read passes one of the places (home,
// thread, profile, search …) and CanSee. What it needs of a store is written
// down in store.go as small interfaces by noun.
package social
