import type { More } from "./en";

export const ja: More = {
  picker: {
    search: "名前で絵文字をさがす",
    groups: "種類",
    found: "見つかったもの",
    none: "その名前の絵文字はありません。別のことばで試してください。",
    recent: "最近使ったもの",
    own: "この家の絵文字",
    smileys: "顔",
    people: "人",
    nature: "生き物と草木",
    food: "食べ物と飲み物",
    travel: "場所と旅",
    activities: "行事と遊び",
    objects: "もの",
    symbols: "記号",
    flags: "旗",
    faces: "顔文字",
  },
  history: { now: "いまの版", first: "最初の版" },
  who: { favourites: "お気に入り", boosts: "ブースト", none: "この家が知るかぎり、まだ誰も反応していません。" },
};
