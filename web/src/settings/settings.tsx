import { t } from "../i18n";
import { m } from "../i18n/more";
import { locales, type LocaleChoice } from "../i18n";
import { en } from "../i18n/en";
import { ja } from "../i18n/ja";
import { logOut, me } from "../state/session";
import { open } from "../state/route";
import type { ColumnId } from "../state/columns";
import { change, moveColumn, removeColumn, settings, type Theme } from "../state/settings";
import { Avatar, DisplayName, Handle } from "../post/name";
import { Icon } from "../ui/icon";
import { columnIcon, columnName } from "../column/column";
import { addingColumn } from "../column/place";

const names = { ja: ja.languageName, en: en.languageName };
const themes: Theme[] = ["auto", "light", "dark"];

export function SettingsView() {
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
