import { useState } from "preact/hooks";
import type { Account, Emoji } from "../api/types";
import { fullTime, ago } from "../i18n/time";
import { locale, t } from "../i18n";
import { now } from "../state/clock";
import { open } from "../state/route";
import { Icon } from "../ui/icon";
import { cutHandle, hostOf } from "./handle";
import { safePicture, splitEmoji } from "./sanitise";

/** A text with its custom emoji as pictures. */
export function EmojiText({ text, emojis }: { text: string; emojis: Emoji[] | undefined }) {
  if (!emojis?.length || !text.includes(":")) return <>{text}</>;
  return (
    <>
      {splitEmoji(text, new Map(emojis.map((e) => [e.shortcode, e]))).map((part) =>
        typeof part === "string" ? part : <img class="emoji" alt={`:${part.shortcode}:`} title={`:${part.shortcode}:`} src={safePicture(part.static_url || part.url)} loading="lazy" />,
      )}
    </>
  );
}

export const nameOf = (a: Account): string => a.display_name.trim() || a.username;

export function DisplayName({ account }: { account: Account }) {
  return (
    <bdi class="display-name">
      <EmojiText text={nameOf(account)} emojis={account.emojis} />
    </bdi>
  );
}

/** The handle; the name may shrink, the home stays. A small house marks people of this home. */
export function Handle({ acct }: { acct: string }) {
  const parts = cutHandle(acct);
  const host = hostOf(acct);
  return (
    <span class="handle" title={`@${acct}`} dir="ltr">
      <span class="handle-name">{parts.name}</span>
      {host ? (
        <span class="handle-home">{parts.home}</span>
      ) : (
        <span class="handle-house" role="img" aria-label={t().post.localHome} title={t().post.localHome}>
          <Icon name="veranda" />
        </span>
      )}
    </span>
  );
}

interface AvatarProps {
  account: Account;
  size?: 24 | 44 | 72;
  /** Reached by Tab; not where the name beside it is a link already. */
  tab?: boolean;
  /** Inside something that is a link itself. */
  plain?: boolean;
}

export function Avatar({ account, size = 44, tab = false, plain = false }: AvatarProps) {
  const [broken, setBroken] = useState(false);
  const src = safePicture(account.avatar_static || account.avatar);
  const picture =
    src && !broken ? (
      <img src={src} alt="" width={size} height={size} loading="lazy" decoding="async" onError={() => setBroken(true)} />
    ) : (
      <span class="avatar-letter">{[...nameOf(account)][0]}</span>
    );
  if (plain) return <span class={`avatar s${size}`} aria-hidden="true">{picture}</span>;
  const go = (e: Event): void => {
    e.preventDefault();
    e.stopPropagation();
    open({ name: "profile", id: account.id });
  };
  return (
    <a class={`avatar s${size}`} href={`#/profile/${account.id}`} onClick={go} tabIndex={tab ? 0 : -1} aria-label={nameOf(account)} aria-hidden={!tab}>
      {picture}
    </a>
  );
}

export function ProfileLink({ account }: { account: Account }) {
  return (
    <a
      class="name-link"
      href={`#/profile/${account.id}`}
      onClick={(e) => {
        e.preventDefault();
        e.stopPropagation();
        open({ name: "profile", id: account.id });
      }}
    >
      <DisplayName account={account} />
    </a>
  );
}

/** How long ago, with the full time on demand. */
export function Time({ at, full = false }: { at: string; full?: boolean }) {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return null;
  const whole = fullTime(locale(), then);
  return (
    <time dateTime={at} title={whole}>
      {full ? whole : ago(locale(), t().now, then, now.value)}
    </time>
  );
}
