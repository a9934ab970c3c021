import { useState } from "preact/hooks";
import { request } from "../api/client";
import type { CredentialAccount } from "../api/types";
import { m } from "../i18n/more";
import { problem } from "../i18n/problem";
import { Avatar } from "../post/name";
import { safePicture } from "../post/sanitise";
import { changeMe, instance, me } from "../state/session";
import { say } from "../state/toast";
import { Icon } from "../ui/icon";

interface Field {
  name: string;
  value: string;
}

/** How others see the person: name, text, pictures, fields. */
export function ProfileSettings() {
  const account = me();
  return account && <Form account={account} />;
}

function Form({ account }: { account: CredentialAccount }) {
  const limits = instance()?.configuration.accounts;
  const most = limits?.max_profile_fields ?? 4;
  const [name, setName] = useState(account.display_name);
  const [note, setNote] = useState(account.source?.note ?? "");
  const [fields, setFields] = useState<Field[]>(account.source?.fields?.map(({ name: n, value }) => ({ name: n, value })) ?? []);
  const [flags, setFlags] = useState({ locked: account.locked, bot: account.bot, discoverable: account.source?.discoverable ?? false, indexable: account.source?.indexable ?? false, hide_collections: account.source?.hide_collections ?? false });
  const [pictures, setPictures] = useState<{ avatar?: File; header?: File }>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const words = m().profileEdit;
  const save = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    setFailure(null);
    const form = new FormData();
    form.append("display_name", name.trim());
    form.append("note", note);
    // All places are sent, so that fields taken out go.
    for (let i = 0; i < Math.max(most, fields.length); i++) {
      form.append(`fields_attributes[${i}][name]`, fields[i]?.name.trim() ?? "");
      form.append(`fields_attributes[${i}][value]`, fields[i]?.value.trim() ?? "");
    }
    for (const [key, on] of Object.entries(flags)) form.append(key, String(on));
    if (pictures.avatar) form.append("avatar", pictures.avatar);
    if (pictures.header) form.append("header", pictures.header);
    try {
      const answer = await request("/api/v1/accounts/update_credentials", { method: "PATCH", body: form });
      changeMe((await answer.json()) as CredentialAccount);
      setPictures({});
      say(words.saved);
    } catch (x) {
      setFailure(x);
    }
    setBusy(false);
  };
  const field = (i: number, patch: Partial<Field>): void => setFields(fields.with(i, { ...fields[i]!, ...patch }));
  const header = safePicture(account.header_static);
  return (
    <form class="stack pad" onSubmit={(e) => void save(e)}>
      <div class="profile-header edit">{header && !header.endsWith("missing.png") && <img src={header} alt="" />}</div>
      <div class="row">
        <Avatar account={account} size={72} plain />
        <div class="stack">
          <Picture label={words.avatar} chosen={pictures.avatar} set={(avatar) => setPictures({ ...pictures, avatar })} />
          <Picture label={words.header} chosen={pictures.header} set={(header_) => setPictures({ ...pictures, header: header_ })} />
        </div>
      </div>
      <label class="field flush">
        <span>{words.name}</span>
        <input type="text" maxLength={limits?.max_display_name_length ?? 100} value={name} onInput={(e) => setName(e.currentTarget.value)} />
      </label>
      <label class="field flush">
        <span>{words.note}</span>
        <textarea rows={5} maxLength={limits?.max_note_length ?? 5000} value={note} onInput={(e) => setNote(e.currentTarget.value)} />
      </label>
      <fieldset class="field flush">
        <legend>{words.fields}</legend>
        <p class="faint small-text">{words.fieldsHint}</p>
        {fields.map((f, i) => (
          <div class="profile-field" key={i}>
            <input type="text" aria-label={words.fieldName(i + 1)} placeholder={words.fieldName(i + 1)} maxLength={limits?.profile_field_name_limit ?? 255} value={f.name} onInput={(e) => field(i, { name: e.currentTarget.value })} />
            <input type="text" aria-label={words.fieldValue(i + 1)} placeholder={words.fieldValue(i + 1)} maxLength={limits?.profile_field_value_limit ?? 255} value={f.value} onInput={(e) => field(i, { value: e.currentTarget.value })} />
            <button type="button" class="icon-button" aria-label={words.removeField(i + 1)} title={words.removeField(i + 1)} onClick={() => setFields(fields.toSpliced(i, 1))}>
              <Icon name="close" />
            </button>
          </div>
        ))}
        {fields.length < most && (
          <button type="button" class="text-button" onClick={() => setFields([...fields, { name: "", value: "" }])}>
            <Icon name="plus" /> {words.addField}
          </button>
        )}
      </fieldset>
      {(["locked", "discoverable", "indexable", "hide_collections", "bot"] as const).map((key) => (
        <label class="check" key={key}>
          <input type="checkbox" checked={flags[key]} onChange={(e) => setFlags({ ...flags, [key]: e.currentTarget.checked })} />
          {words[key]}
        </label>
      ))}
      {failure !== null && (
        <p class="notice-box" role="alert">
          {problem(failure)}
        </p>
      )}
      <button type="submit" class="button primary" disabled={busy}>
        {words.save}
      </button>
    </form>
  );
}

function Picture({ label, chosen, set }: { label: string; chosen: File | undefined; set(f: File): void }) {
  return (
    <label class="button small picture-button">
      <Icon name="image" /> {chosen ? chosen.name : label}
      <input
        type="file"
        class="hidden"
        accept="image/png,image/jpeg,image/webp,image/gif"
        onChange={(e) => {
          const file = e.currentTarget.files?.[0];
          if (file) set(file);
        }}
      />
    </label>
  );
}
