declare module "virtual:emoji-en" {
  const groups: string[];
  export default groups;
}
declare module "virtual:emoji-ja" {
  const groups: string[];
  export default groups;
}
