import { patch, post } from "../api/client";
import type { NotificationPolicy, NotificationRequest, PolicyChoice } from "../api/types";
import { m } from "../i18n/more";
import { Person } from "../post/person";
import { columnFeed } from "../state/feeds";
import { complain } from "../state/toast";
import { Choice, Loaded } from "./parts";
import { useAnswer, usePages } from "./useanswer";

const kinds = ["for_not_following", "for_not_followers", "for_new_accounts", "for_private_mentions", "for_limited_accounts", "for_bots"] as const;

/** Whose notifications come through, wait as requests, or are dropped; and those that wait. */
export function NotificationSettings() {
  const answer = useAnswer<NotificationPolicy>("/api/v2/notifications/policy");
  const words = m().policy;
  const options: readonly (readonly [PolicyChoice, string])[] = [["accept", words.accept], ["filter", words.filter], ["drop", words.drop]];
  return (
    <>
      <Loaded answer={answer}>
        {(policy) => {
          const change = async (key: (typeof kinds)[number], choice: PolicyChoice): Promise<void> => {
            answer.set({ ...policy, [key]: choice });
            try {
              answer.set(await patch<NotificationPolicy>("/api/v2/notifications/policy", { [key]: choice }));
            } catch (e) {
              answer.set(policy);
              complain(words[key], e);
            }
          };
          return <>{kinds.map((key) => policy[key] && <Choice key={key} label={words[key]} value={policy[key]} options={options} set={(c) => void change(key, c)} />)}</>;
        }}
      </Loaded>
      <Requests />
    </>
  );
}

function Requests() {
  const list = usePages<NotificationRequest>("/api/v1/notifications/requests");
  const words = m().policy;
  const answer = async (r: NotificationRequest, verb: "accept" | "dismiss"): Promise<void> => {
    try {
      await post(`/api/v1/notifications/requests/${r.id}/${verb}`);
      list.answer.set((list.answer.got ?? []).filter((x) => x.id !== r.id));
      if (verb === "accept") void columnFeed("notifications").refresh();
    } catch (e) {
      complain(words[verb], e);
    }
  };
  return (
    <section>
      <h3 class="section">{words.requests}</h3>
      <Loaded answer={list.answer}>
        {(all) => (
          <>
            {!all.length && <p class="pad">{words.noRequests}</p>}
            {all.map((r) => (
              <div class="request" key={r.id}>
                <Person account={r.account} />
                <p class="pad row wrap">
                  <span class="faint small-text grow">{words.waiting(Number(r.notifications_count))}</span>
                  <button type="button" class="button small primary" onClick={() => void answer(r, "accept")}>
                    {words.acceptRequest}
                  </button>
                  <button type="button" class="button small" onClick={() => void answer(r, "dismiss")}>
                    {words.dismiss}
                  </button>
                </p>
              </div>
            ))}
            {list.next && (
              <p class="pad">
                <button type="button" class="button" onClick={() => void list.more()}>
                  {m().people.more}
                </button>
              </p>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}
