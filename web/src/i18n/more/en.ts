export const en = {
  picker: {
    search: "Find an emoji by name",
    groups: "Groups",
    found: "Found",
    none: "No emoji of that name. Try another word.",
    recent: "Last used",
    own: "This home's own",
    smileys: "Faces",
    people: "People",
    nature: "Animals and plants",
    food: "Food and drink",
    travel: "Places and travel",
    activities: "Festivals and games",
    objects: "Objects",
    symbols: "Symbols",
    flags: "Flags",
    faces: "Kaomoji",
  },
  history: { now: "as it is now", first: "as it was first" },
  who: { favourites: "Favourites", boosts: "Boosts", none: "Nobody has reacted, as far as this home knows." },
};

/** What every catalogue must say: a missing or misspelt key does not compile. */
export type More = typeof en;
