import { t } from "../i18n";
import { m } from "../i18n/more";
import { locales, type LocaleChoice } from "../i18n";
import { en } from "../i18n/en";
import { ja } from "../i18n/ja";
import { logOut, me } from "../state/session";
import { open, sections, type Section } from "../state/route";
import { later, type Later } from "../ui/later";
import "../style/settings.css";
import type { ColumnId } from "../state/columns";
import { change, moveColumn, removeColumn, settings, type Theme } from "../state/settings";
import { Avatar, DisplayName, Handle } from "../post/name";
import { Icon, type IconName } from "../ui/icon";
import { columnIcon, columnName } from "../column/column";
import { addingColumn } from "../column/place";

const names = { ja: ja.languageName, en: en.languageName };
const themes: Theme[] = ["auto", "light", "dark"];

const pages: Record<Section, Later<object>> = {
  profile: later(() => import("./profile").then((x) => x.ProfileSettings)),
  links: later(() => import("./links").then((x) => x.LinkSettings)),
  rules: later(() => import("./rules").then((x) => x.RuleSettings)),
  notifications: later(() => import("./notifications").then((x) => x.NotificationSettings)),
  push: later(() => import("./push").then((x) => x.PushSettings)),
  lists: later(() => import("./lists").then((x) => x.ListSettings)),
  filters: later(() => import("./filters").then((x) => x.FilterSettings)),
  mutes: later(() => import("./people").then((x) => x.MuteSettings)),
  blocks: later(() => import("./people").then((x) => x.BlockSettings)),
  scheduled: later(() => import("./scheduled").then((x) => x.ScheduledSettings)),
};

const sectionIcons: Record<Section, IconName> = {
  profile: "person",
  links: "link",
  rules: "lane",
  notifications: "bell",
  push: "sound",
  lists: "list",
  filters: "warning",
  mutes: "pause",
  blocks: "lock",
  scheduled: "clock",
};

/** The settings: the look and the columns here, everything else on pages of its own. */
export function SettingsView({ section }: { section?: Section }) {
  if (!section) return <Overview />;
  const Page = pages[section];
  return (
    <div class="feed settings page" data-section={section}>
      <h3 class="section">{m().sections[section][0]}</h3>
      <p class="faint small-text pad">{m().sections[section][1]}</p>
      <Page />
    </div>
  );
}

function Overview() {
  const words = m().settings;
  const s = settings.value;
  const account = me();
  return (
    <div class="feed settings">
      <section>
        <h3 class="section">{words.look}</h3>
        <label class="field">
          <span>{words.language}</span>
          <select value={s.locale} onChange={(e) => change({ locale: e.currentTarget.value as LocaleChoice })}>
            <option value="auto">{words.auto}</option>
            {locales.map((l) => (
              <option key={l} value={l} lang={l}>
                {names[l]}
              </option>
            ))}
          </select>
        </label>
        <fieldset class="field">
          <legend>{words.theme}</legend>
          <div class="segments">
            {themes.map((theme) => (
              <label key={theme} class="segment">
                <input type="radio" name="theme" checked={s.theme === theme} onChange={() => change({ theme })} />
                <span>{theme === "auto" ? words.auto : words[theme]}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <Check label={words.contrast} on={s.contrast} set={(contrast) => change({ contrast })} />
      </section>
      <section>
        <h3 class="section">{words.reading}</h3>
        <Check label={words.counts} on={s.counts} set={(counts) => change({ counts })} />
        <Check label={words.revealMedia} on={s.revealMedia} set={(revealMedia) => change({ revealMedia })} />
      </section>
      <section>
        <h3 class="section">{words.more}</h3>
        <ul class="section-list">
          {sections.map((s) => (
            <li key={s}>
              <a
                href={`#/settings/${s}`}
                onClick={(e) => {
                  e.preventDefault();
                  open({ name: "settings", section: s });
                }}
              >
                <Icon name={sectionIcons[s]} />
                <span class="choice-words">
                  <b>{m().sections[s][0]}</b>
                  <span class="faint small-text">{m().sections[s][1]}</span>
                </span>
                <Icon name="right" />
              </a>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3 class="section">{words.columns}</h3>
        <ul class="column-list">
          {s.columns.map((id, i) => (
            <ColumnLine key={id} id={id} at={i} of={s.columns.length} />
          ))}
        </ul>
        <p class="pad">
          <button type="button" class="button" onClick={() => (addingColumn.value = true)}>
            <Icon name="plus" /> {t().column.add}
          </button>
        </p>
      </section>
      {account && (
        <section>
          <h3 class="section">{words.account}</h3>
          <a
            class="person"
            href={`#/profile/${account.id}`}
            onClick={(e) => {
              e.preventDefault();
              open({ name: "profile", id: account.id });
            }}
          >
            <Avatar account={account} plain />
            <span class="person-words">
              <DisplayName account={account} />
              <Handle acct={account.acct} />
            </span>
          </a>
          <p class="pad row">
            <button type="button" class="button" onClick={() => void logOut()}>
              {t().session.logOut}
            </button>
          </p>
        </section>
      )}
      <p class="faint small-text pad">{words.kept}</p>
    </div>
  );
}

function Check({ label, on, set }: { label: string; on: boolean; set(on: boolean): void }) {
  return (
    <label class="check pad">
      <input type="checkbox" checked={on} onChange={(e) => set(e.currentTarget.checked)} />
      {label}
    </label>
  );
}

function ColumnLine({ id, at, of }: { id: ColumnId; at: number; of: number }) {
  const name = columnName(id);
  const c = t().column;
  return (
    <li>
      <Icon name={columnIcon(id)} />
      <span class="grow">{name}</span>
      <button type="button" class="icon-button" aria-label={`${c.moveLeft}: ${name}`} title={c.moveLeft} disabled={at === 0} onClick={() => moveColumn(id, -1)}>
        <Icon name="left" />
      </button>
      <button type="button" class="icon-button" aria-label={`${c.moveRight}: ${name}`} title={c.moveRight} disabled={at === of - 1} onClick={() => moveColumn(id, 1)}>
        <Icon name="right" />
      </button>
      <button type="button" class="icon-button" aria-label={`${c.remove}: ${name}`} title={c.remove} disabled={of === 1} onClick={() => removeColumn(id)}>
        <Icon name="close" />
      </button>
    </li>
  );
}
