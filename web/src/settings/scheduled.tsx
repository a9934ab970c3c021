import { del } from "../api/client";
import type { Scheduled } from "../api/types";
import { locale } from "../i18n";
import { fullTime } from "../i18n/time";
import { m } from "../i18n/more";
import { complain } from "../state/toast";
import { Loaded } from "./parts";
import { usePages } from "./useanswer";

/** Posts that wait for their time. */
export function ScheduledSettings() {
  const list = usePages<Scheduled>("/api/v1/scheduled_statuses");
  const words = m().scheduled;
  const drop = async (s: Scheduled): Promise<void> => {
    try {
      await del(`/api/v1/scheduled_statuses/${s.id}`);
      list.answer.set((list.answer.got ?? []).filter((x) => x.id !== s.id));
    } catch (e) {
      complain(words.drop, e);
    }
  };
  return (
    <Loaded answer={list.answer}>
      {(all) => (
        <>
          {!all.length && <p class="pad">{words.empty}</p>}
          {all.map((s) => (
            <section class="link-card" key={s.id}>
              <h4>{fullTime(locale(), Date.parse(s.scheduled_at))}</h4>
              <p>{s.params.text || words.noText}</p>
              <p class="row">
                <button type="button" class="button small danger" onClick={() => void drop(s)}>
                  {words.drop}
                </button>
              </p>
            </section>
          ))}
        </>
      )}
    </Loaded>
  );
}
