import { t } from "../i18n";
import { m } from "../i18n/more";
import { Dialog } from "../ui/dialog";
import { helpOpen } from "./keys";

/** The list of all keys. */
export function Help() {
  const k = m().keys;
  const lines: [string[], string][] = [
    [["j"], k.next],
    [["k"], k.previous],
    [["←", "→"], k.columns],
    [["1", "9"], k.column],
    [["⇧ ←", "⇧ →"], k.moveColumn],
    [["c"], t().column.add],
    [["n"], k.compose],
    [["r"], k.reply],
    [["b"], k.boost],
    [["f"], k.favourite],
    [["e"], t().actions.react],
    [["s"], k.bookmark],
    [["o", "Enter"], k.open],
    [["p"], k.profile],
    [["x"], k.warning],
    [["/"], k.search],
    [["g h"], k.home],
    [["Esc"], k.escape],
    [["?"], k.help],
  ];
  return (
    <Dialog title={k.title} onClose={() => (helpOpen.value = false)}>
      <p class="dialog-lead">{k.lead}</p>
      <dl class="keys">
        {lines.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key, i) => (
                <>
                  {i > 0 && (keys[0] === "1" ? "–" : " ")}
                  <kbd>{key}</kbd>
                </>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
