// Passkeys: the one thing that a page cannot do by itself. Without this script,
// or where the browser has none, everything else works as before.
(() => {
  const P = window.PublicKeyCredential;
  if (!P || !P.parseRequestOptionsFromJSON || !P.parseCreationOptionsFromJSON) return;
  const ask = async (path, body) => {
    const r = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const a = await r.json();
    if (!r.ok) throw new Error(a.error);
    return a;
  };
  const field = (form, name) => { const e = form.elements.namedItem(name); return e ? e.value : ""; };
  for (const button of document.querySelectorAll("button[data-passkey]")) {
    const path = button.dataset.passkey, form = button.form;
    const problem = form.querySelector("[data-problem]");
    for (const e of form.querySelectorAll("[data-script]")) e.hidden = false;
    button.hidden = false;
    button.addEventListener("click", async () => {
      problem.hidden = true;
      try {
        const begun = await ask(path, { challenge: field(form, "challenge"), current: field(form, "current") });
        const options = begun.options.publicKey;
        const credential = button.dataset.make !== undefined
          ? await navigator.credentials.create({ publicKey: P.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: P.parseRequestOptionsFromJSON(options) });
        const done = await ask(path + "/done", { state: begun.state, label: field(form, "label"), next: field(form, "next"), credential: credential.toJSON() });
        location.assign(done.next);
      } catch (e) {
        if (e.name === "NotAllowedError") return; // put away by the person
        problem.textContent = e.message;
        problem.hidden = false;
      }
    });
  }
})();
