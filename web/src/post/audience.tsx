import type { Visibility } from "../api/types";
import { t } from "../i18n";
import type { Post } from "../state/store";
import { Icon, type IconName } from "../ui/icon";

export const audienceIcons: Record<Visibility, IconName> = {
  public: "globe",
  unlisted: "moon",
  private: "lock",
  direct: "mail",
  local: "veranda",
};

export const audienceOf = (p: Pick<Post, "visibility" | "local_only">): Visibility => (p.local_only ? "local" : p.visibility);

/** Who may see a post; nothing for public ones. */
export function AudienceMark({ post }: { post: Post }) {
  const audience = audienceOf(post);
  if (audience === "public") return null;
  const name = t().audience[audience] ?? audience;
  return (
    <span class="audience" role="img" aria-label={name} title={name}>
      <Icon name={audienceIcons[audience] ?? "lock"} />
    </span>
  );
}
