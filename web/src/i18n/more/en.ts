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
  linkState: { active: "working", paused: "paused by you", reconnect: "must be linked again" },
  add: {
    there: "already there",
    tag: "Which hashtag",
    search: "Which words",
    person: "Who: a name, or @name@home",
    nobody: "Nobody of that name was found. Try the whole handle, such as @name@home.example.",
    noLists: "There are no lists yet. A list shows the posts of people you chose.",
    noLanes: "There are no lanes yet. Link an account of another network, then what it sees can be read here.",
    startsReading: "reading begins with the column",
  },
  history: { now: "as it is now", first: "as it was first" },
  who: { favourites: "Favourites", boosts: "Boosts", none: "Nobody has reacted, as far as this home knows." },
};

/** What every catalogue must say: a missing or misspelt key does not compile. */
export type More = typeof en;
