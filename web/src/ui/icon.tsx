// One set, drawn for a 24-unit square with a stroke of 1.75; always beside or inside something with a name.

const paths = {
  home: "M3 11 12 4l9 7M6 9.500V20h12V9.500M10 20v-6h4v6",
  veranda: "M2.500 10 12 4l9.500 6M5.500 9.500V16M18.500 9.500V16M2.500 16h19M2.500 19.500h19",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15zM10 21h4",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
  bookmark: "M6 4h12v17l-6-4.500L6 21z",
  star: "m12 3.500 2.600 5.600 6.100.7-4.500 4.200 1.200 6-5.400-3-5.400 3 1.200-6L3.300 9.800l6.100-.7z",
  boost: "M4 11V8a2 2 0 0 1 2-2h13M16 3l3 3-3 3M20 13v3a2 2 0 0 1-2 2H5M8 21l-3-3 3-3",
  reply: "M10 8V4L3 11l7 7v-4c5 0 8 1.500 11 5-.500-6-4-11-11-11z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  pen: "M4 20l1-4L16.500 4.500l3 3L8 19zM14 7l3 3",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 2.500v3M12 18.500v3M2.500 12h3M18.500 12h3M5.300 5.300l2.100 2.100M16.600 16.600l2.100 2.100M18.700 5.300l-2.100 2.100M7.400 16.600l-2.100 2.100",
  columns: "M4 5h16v14H4zM9.500 5v14M15 5v14",
  close: "M6 6l12 12M18 6 6 18",
  back: "M15 5l-7 7 7 7",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  up: "M12 19V6M6 11l6-6 6 6",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z",
  image: "M4 5h16v14H4zM4 16l5-5 5 5 2.500-2.500L20 17M15.500 9h.01",
  poll: "M5 20V10M12 20V4M19 20v-7",
  warning: "M12 4 2.500 20h19zM12 10v5M12 17.500h.01",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.500 21c.5-4.500 3.500-6.500 7.500-6.500s7 2 7.500 6.500",
  addPerson: "M10 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM3 21c.5-4.500 3-6.500 7-6.500 3.500 0 6 1.500 6.800 5M18 8v6M15 11h6",
  quote: "M9 7c-3 1-4.500 3-4.500 6v4h5v-5H7c0-1.500.700-2.500 2-3zM19 7c-3 1-4.500 3-4.500 6v4h5v-5H17c0-1.500.700-2.500 2-3z",
  link: "M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1",
  out: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  check: "M5 12.500 10 17.500 19 7",
  plus: "M12 5v14M5 12h14",
  play: "M8 5l11 7-11 7z",
  sound: "M4 10v4h4l5 4V6L8 10zM16.500 9a4 4 0 0 1 0 6",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10",
  edit: "M4 20l1-4L16.500 4.500l3 3L8 19z",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, fill = false }: { name: IconName; fill?: boolean }) {
  return (
    <svg class={fill ? "icon filled" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
