import type { ComponentChildren } from "preact";
import type { Account } from "../api/types";
import { open } from "../state/route";
import { Avatar, DisplayName, Handle } from "./name";

/** One line of a list of people, with what may be done beside it. */
export function Person({ account, go, children }: { account: Account; go?: () => void; children?: ComponentChildren }) {
  const line = (
    <a
      class="person"
      href={`#/profile/${account.id}`}
      onClick={(e) => {
        e.preventDefault();
        if (go) go();
        else open({ name: "profile", id: account.id });
      }}
    >
      <Avatar account={account} plain />
      <span class="person-words">
        <DisplayName account={account} />
        <Handle acct={account.acct} />
      </span>
    </a>
  );
  return children ? (
    <div class="person-line">
      {line}
      {children}
    </div>
  ) : (
    line
  );
}
